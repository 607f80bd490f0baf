"""The doctor's findings: what is fine, what is not, and the fix."""

from datetime import UTC, datetime, timedelta

import pytest

from pipewise.crash import CRASH_POINTS
from pipewise.doctor import (
    Finding,
    examine_clock,
    examine_crash_points,
    examine_models,
    examine_owners,
    examine_public_url,
    examine_python,
    examine_sqlite,
    examine_zones,
)
from pipewise.doctor_database import examine_schema
from pipewise.settings import Settings, load_settings
from tests.fakes import NOON

OURS = {name: ["pipewise"] for name in ("api", "graph", "nodes", "pipewise", "tools")}


def settings(**values: object) -> Settings:
    return load_settings(_env_file=None, **values)


def test_a_finding_is_one_line_with_its_fix() -> None:
    assert Finding("clock", "right").line() == "ok clock: right"
    assert Finding("clock", "wrong", "set it").line() == "!! clock: wrong — set it"


def test_old_versions_are_found() -> None:
    assert examine_python((3, 11, 0)).ok
    assert not examine_python((3, 10, 9)).ok
    assert examine_sqlite((3, 51, 3)).ok
    assert not examine_sqlite((3, 51, 2)).ok


def test_the_five_names_have_to_belong_to_pipewise_alone() -> None:
    assert examine_owners(OURS).ok
    assert examine_owners({**OURS, "tools": ["pipewise", "pipewise"]}).ok
    missing = examine_owners({**OURS, "graph": []})
    assert not missing.ok
    assert "graph" in missing.detail
    foreign = examine_owners({**OURS, "tools": ["pipewise", "agent-tools"]})
    assert not foreign.ok
    assert "agent-tools" in foreign.detail


@pytest.mark.parametrize(
    ("url", "env", "fine"),
    [
        ("https://leads.shop.example", "development", True),
        ("https://leads.shop.example", "production", True),
        ("http://127.0.0.1:8000", "development", True),
        ("http://leads.shop.example", "development", False),
        ("http://127.0.0.1:8000", "production", False),
    ],
)
def test_vendors_need_https_except_the_sandbox_on_loopback(url: str, env: str, fine: bool) -> None:
    assert examine_public_url(settings(public_url=url, env=env, secret_keys="k" * 32)).ok is fine


def test_a_chain_that_names_openai_needs_a_key() -> None:
    assert examine_models(settings()).detail == "offline"
    assert not examine_models(settings(model="openai:small")).ok
    assert examine_models(settings(model="openai:small", openai_api_key="k")).detail == "openai:small → offline"
    assert not examine_models(settings(model="elsewhere:small")).ok


def test_a_clock_that_cannot_be_right_is_found() -> None:
    assert examine_clock(NOON, []).ok
    assert not examine_clock(datetime(1970, 1, 1, tzinfo=UTC), []).ok
    assert not examine_clock(datetime(2100, 1, 1, tzinfo=UTC), []).ok


def test_a_clock_behind_the_data_it_wrote_is_found() -> None:
    assert examine_clock(NOON, [NOON - timedelta(days=9), NOON + timedelta(minutes=4)]).ok
    assert not examine_clock(NOON, [NOON - timedelta(days=9), NOON + timedelta(minutes=6)]).ok


def test_time_zones_have_to_be_known() -> None:
    assert examine_zones("Asia/Kolkata").ok
    assert not examine_zones("Atlantis/Capital").ok


def test_every_crash_point_is_listed_and_an_unknown_one_found() -> None:
    listed = examine_crash_points(settings())
    assert listed.ok
    assert all(name in listed.detail for name in CRASH_POINTS)
    active = examine_crash_points(settings(env="test", test_hooks="before:send"))
    assert "active: before:send" in active.detail
    assert not examine_crash_points(settings(env="test", test_hooks="before:lunch")).ok


def test_a_schema_behind_or_missing_is_found() -> None:
    known = {"0001", "0002"}
    assert examine_schema("0002", "0002", known).ok
    for behind in ("0001", None):
        finding = examine_schema(behind, "0002", known)
        assert (finding.ok, finding.unusable, finding.fix) == (False, False, "run `pipewise migrate`")
    newer = examine_schema("0003", "0002", known)
    assert (newer.ok, newer.unusable, newer.fix) == (False, True, "install the newer release")

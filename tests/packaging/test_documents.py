"""What the documents claim: settings, dependencies, commands."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pipewise.env_example import environment_name, render_env_example
from pipewise.settings import Settings
from tests.packaging.tree import ROOT, project_files, requirement_strings

DOCUMENTS = [path for path in project_files() if path.suffix == ".md" and path.parent == ROOT]


def test_the_example_of_settings_is_current() -> None:
    assert (ROOT / ".env.example").read_text() == render_env_example(), "python -m pipewise.env_example > .env.example"


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_example_copied_whole_changes_nothing(tmp_path: Path) -> None:
    copied = tmp_path / "copied.env"
    copied.write_text((ROOT / ".env.example").read_text())
    assert Settings(_env_file=copied) == Settings(_env_file=None)


def test_the_example_uncommented_is_the_defaults(tmp_path: Path) -> None:
    uncommented = tmp_path / "uncommented.env"
    uncommented.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert Settings(_env_file=uncommented) == Settings(_env_file=None)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_name_in_the_example_reaches_its_setting(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = Settings.model_fields[name]
    plain = "7" if field.annotation in {int, float, bool} else "https://elsewhere.example"
    special = {
        "env": "development",
        "api_token": "pw_12345678901234567890",
        "database_url": "sqlite+aiosqlite:///elsewhere.db",
        "model_required": "1",
        "trusted_proxies": "10.0.0.0/8",
        "model_timeouts_s": "7",
    }
    monkeypatch.setenv("PIPEWISE_ENV", "test")
    before = getattr(Settings(_env_file=None), name)
    monkeypatch.setenv(environment_name(name, field), special.get(name, plain))
    assert getattr(Settings(_env_file=None), name) != before


def test_the_table_of_dependencies_is_complete() -> None:
    section = (ROOT / "CONTRIBUTING.md").read_text().split("## Dependencies")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \| (.+) \|$", section, flags=re.MULTILINE)
    assert sorted(name for name, _, _ in rows) == sorted(Requirement(text).name for text in requirement_strings())
    assert all(why.strip() and licence.strip() for _, why, licence in rows)


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for path in DOCUMENTS:
        named = set(re.findall(r"(?:`|^ *|\$ )make ([a-z][a-z-]*)", path.read_text(), flags=re.MULTILINE))
        assert named <= targets, path.name


def test_every_file_linked_in_the_documents_exists() -> None:
    for path in DOCUMENTS:
        links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text())
        assert [link for link in links if not (ROOT / link).exists()] == [], path.name

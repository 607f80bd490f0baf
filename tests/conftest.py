"""What holds for every suite: an environment without settings, no network but loopback, nothing skipped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipewise.storage.sqlite import install_sound_sqlite

SETTING_PREFIXES = ("PIPEWISE_", "OPENAI_", "CALENDLY_", "WHATSAPP_", "LANGSMITH_", "LANGCHAIN_", "LANGGRAPH_")
FOR_THE_TESTS_THEMSELVES = {"PIPEWISE_TEST_DATABASE_URL", "PIPEWISE_FAULTS", "PIPEWISE_FAULTS_SEED"}
TESTS = Path(__file__).parent


def _clear_settings() -> None:
    """A developer's own keys must neither reach a test nor make it pass."""
    for name in list(os.environ):
        if name.startswith(SETTING_PREFIXES) and name not in FOR_THE_TESTS_THEMSELVES:
            del os.environ[name]
    # Read when LangGraph is first imported, so set before any test module is.
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    os.environ["LANGSMITH_TRACING"] = "false"
    os.environ["LANGGRAPH_CLI_NO_ANALYTICS"] = "1"


_clear_settings()
install_sound_sqlite()

from tests import own_looks  # noqa: E402  it brings the database's libraries, which look for SQLite
from tests.tenant_guard import TenantGuard  # noqa: E402

own_looks.install()
TENANTS = TenantGuard()
TENANTS.install()


@pytest.fixture(autouse=True)
def _every_statement_names_its_account() -> Iterator[None]:
    """Also those of work that went on in the background."""
    yield
    assert TENANTS.take() == []


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in a folder of their own: no `.env` is found, and a stray data folder lands where it is thrown away."""
    monkeypatch.chdir(tmp_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not item.path.is_relative_to(TESTS / "unit"):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))


def _left_out(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return sum(len(reporter.stats.get(kind, ())) for kind in ("skipped", "xfailed", "xpassed")) if reporter else 0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.OK and _left_out(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := _left_out(config):
        terminalreporter.write_line(
            f"{count} skipped or expected to fail: the suite counts that as a failure", red=True
        )

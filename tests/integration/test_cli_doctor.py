"""`doctor` on real folders, files, ports and databases; it changes nothing that it looks at."""

import http.server
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipewise import doctor
from pipewise.cli import setup
from pipewise.doctor import examine_data_folder, examine_key_file, examine_port
from tests.integration.command_line import Done, free_port, pipewise

FOLDER = Path(".pipewise")


@pytest.fixture(autouse=True)
def _own_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else runs on this machine is not this test's business."""
    monkeypatch.setattr(setup, "SERVICE_PORT", free_port())
    monkeypatch.setattr(setup, "SANDBOX_PORT", free_port())


@pytest.fixture
def neighbour() -> Iterator[int]:
    """A program that answers every path with 404, and `/healthz` with 200."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the test's stderr."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def findings(done: Done) -> dict[str, str]:
    """Mark by name; the packages depend on how this checkout is installed and are tested with the wheel."""
    assert done.err == ""
    marks = {line[3:].split(":")[0]: line[:2] for line in done.lines}
    marks.pop("packages")
    return marks


def test_an_untouched_folder_is_fine_and_stays_untouched() -> None:
    looked = pipewise("doctor")
    assert set(findings(looked).values()) == {"ok"}
    assert "after:inbox_commit" in looked.out
    assert list(Path().iterdir()) == []


def test_a_working_installation_is_fine_and_stays_as_it_is() -> None:
    pipewise("tokens", "list")
    before = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert set(findings(pipewise("doctor")).values()) == {"ok"}
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == before


def test_a_key_file_that_others_may_read_is_found() -> None:
    pipewise("tokens", "list")
    (FOLDER / "secret.key").chmod(0o644)
    looked = pipewise("doctor")
    assert looked.code == 1
    assert [name for name, mark in findings(looked).items() if mark == "!!"] == ["secret.key"]
    assert "chmod 600" in looked.out


@pytest.mark.parametrize("loss", ["replaced", "removed"])
def test_a_master_key_that_does_not_fit_is_found(loss: str) -> None:
    pipewise("tokens", "list")
    (FOLDER / "secret.key").unlink()
    if loss == "replaced":
        (FOLDER / "secret.key").touch(mode=0o600)
        (FOLDER / "secret.key").write_text("another key")
    looked = pipewise("doctor")
    assert looked.code == 1
    assert [name for name, mark in findings(looked).items() if mark == "!!"] == ["master key"]


def test_a_schema_of_another_release_is_found() -> None:
    pipewise("migrate")
    with sqlite3.connect(FOLDER / "pipewise.db") as connection:
        connection.execute("DELETE FROM alembic_version")
    connection.close()
    looked = pipewise("doctor")
    assert looked.code == 1
    assert findings(looked)["schema"] == "!!"
    assert "pipewise migrate" in looked.out


def test_a_database_that_does_not_answer_is_found_and_its_password_kept() -> None:
    url = "postgresql+psycopg://ana:sesame@127.0.0.1:1/leads"  # not-a-secret
    looked = pipewise("doctor", settings={"PIPEWISE_DATABASE_URL": url})
    assert looked.code == 1
    assert findings(looked)["database"] == "!!"
    assert "sesame" not in looked.out


def test_a_folder_that_cannot_be_used_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert not examine_data_folder(tmp_path / "file").ok
    assert not examine_data_folder(tmp_path / "file" / "below").ok
    assert examine_data_folder(tmp_path).ok
    assert examine_data_folder(tmp_path / "new" / "folder").ok


def test_a_missing_key_file_is_no_fault(tmp_path: Path) -> None:
    assert examine_key_file(tmp_path / "secret.key").ok


async def test_a_port_is_free_ours_or_taken(neighbour: int) -> None:
    assert (await examine_port("service", free_port(), "/healthz")).ok
    assert (await examine_port("service", neighbour, "/healthz")).ok
    assert not (await examine_port("sandbox", neighbour, "/_sandbox/health")).ok


async def test_a_program_that_speaks_no_http_counts_as_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        monkeypatch.setattr(doctor, "ANSWER_SECONDS", 0.05)
        assert not (await examine_port("service", mute.getsockname()[1], "/healthz")).ok


def test_a_knowledge_folder_without_files_is_found() -> None:
    assert pipewise("migrate").code == 0
    with closing(sqlite3.connect(FOLDER / "pipewise.db")) as connection, connection:
        connection.execute(
            "INSERT INTO accounts (id, paused, settings, created_at) VALUES ('a', 0, ?, '2026-01-01 00:00:00')",
            ('{"knowledge_folder": "acme"}',),
        )
    looked = pipewise("doctor")
    assert (looked.code, findings(looked)["knowledge folder acme"]) == (1, "!!")
    (FOLDER / "knowledge" / "acme").mkdir(parents=True)
    (FOLDER / "knowledge" / "acme" / "plans.md").write_text("# Team\n20 EUR")
    assert findings(pipewise("doctor"))["knowledge folder acme"] == "ok"

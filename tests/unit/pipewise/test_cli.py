"""The command line: what may be typed, what comes back as exit code and on which stream."""

import os

import pytest
from sqlalchemy.exc import OperationalError

from pipewise import cli
from pipewise.cli.usage import build_parser
from pipewise.errors import Conflict, InvalidInput, NotFound, SettingsError

EVERY_COMMAND = [
    ("serve", ["serve"]),
    ("sandbox", ["sandbox"]),
    ("demo", ["demo"]),
    ("migrate", ["migrate"]),
    ("doctor", ["doctor"]),
    ("backup", ["backup", "pipewise.zip"]),
    ("restore", ["restore", "pipewise.zip", "--force"]),
    ("users add", ["users", "add", "ana@shop.example", "--role", "viewer"]),
    ("users password", ["users", "password", "ana@shop.example"]),
    ("users list", ["users", "list"]),
    ("tokens create", ["tokens", "create", "--user", "ana@shop.example"]),
    ("tokens list", ["tokens", "list"]),
    ("tokens revoke", ["tokens", "revoke", "some-id"]),
    ("keys rotate", ["keys", "rotate"]),
    ("audit verify", ["audit", "verify"]),
    ("events list", ["events", "list"]),
    ("events replay", ["events", "replay", "one", "two"]),
    ("worker", ["worker"]),
    ("replay", ["replay", "--lead", "some-id", "--verify"]),
    (
        "eval",
        ["eval", "--suite", "intent", "--data", "rows.jsonl", "--model", "openai:gpt-5-nano", "--json", "out.json"],
    ),
]
MISUSES = [
    [],
    ["fly"],
    ["users"],
    ["audit"],
    ["serve", "--port", "0"],
    ["serve", "--port", "65536"],
    ["serve", "--port", "http"],
    ["users", "add", "ana@shop.example"],
    ["users", "add", "ana@shop.example", "--role", "owner"],
    ["tokens", "create"],
    ["events", "list", "--limit", "0"],
    ["events", "list", "--status", "lost"],
    ["replay", "--lead", "some-id"],
    ["replay", "--verify"],
    ["eval", "--suite", "taste"],
]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`main` fills in defaults for the process; the next test shall not see them."""
    for name in ("LANGGRAPH_STRICT_MSGPACK", "LANGSMITH_TRACING"):
        monkeypatch.setenv(name, os.environ[name])


def run_raising(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    def command(_arguments: object) -> int:
        raise error

    monkeypatch.setitem(cli.COMMANDS, "migrate", command)
    return cli.main(["migrate"])


@pytest.mark.parametrize(("name", "line"), EVERY_COMMAND)
def test_every_command_can_be_typed(name: str, line: list[str]) -> None:
    assert build_parser().parse_args(line).command == name


def test_what_can_be_typed_is_what_can_be_run() -> None:
    assert {name for name, _ in EVERY_COMMAND} == set(cli.COMMANDS)


@pytest.mark.parametrize("line", MISUSES, ids=" ".join)
def test_bad_usage_exits_2_and_says_so_on_stderr(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(line)
    output = capsys.readouterr()
    assert caught.value.code == 2
    assert output.out == ""
    assert "error:" in output.err


@pytest.mark.parametrize("line", [["--help"], ["serve", "--help"], ["--version"]], ids=" ".join)
def test_help_and_version_exit_0(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(line)
    assert not caught.value.code
    assert "pipewise" in capsys.readouterr().out


def test_the_service_listens_on_loopback_port_8000_with_a_worker_unless_told_otherwise() -> None:
    plain = build_parser().parse_args(["serve"])
    assert (plain.host, plain.port, plain.worker) == ("127.0.0.1", 8000, True)
    told = build_parser().parse_args(["serve", "--host", "::1", "--port", "1", "--no-worker"])
    assert (told.host, told.port, told.worker) == ("::1", 1, False)


def test_dead_letters_are_what_is_listed_unless_another_state_is_asked_for() -> None:
    assert build_parser().parse_args(["events", "list"]).status == "dead_letter"
    assert build_parser().parse_args(["events", "list", "--status", "all"]).status == "all"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("A setting is wrong."), 2),
        (InvalidInput("An argument is wrong."), 2),
        (NotFound("There is no such thing."), 1),
        (Conflict("It is there already."), 1),
        (OSError(28, "No space left on device", "pipewise.db"), 1),
        (OperationalError("SELECT secret", {"password": "sesame"}, Exception("connection refused\nby the host")), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_a_foreseen_error_is_one_line_and_a_code(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_raising(error, monkeypatch) == code
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == (0 if code == 130 else 1)
    assert "sesame" not in output.err
    assert "SELECT" not in output.err


def test_the_line_tells_what_and_where(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run_raising(OSError(28, "No space left on device", "pipewise.db"), monkeypatch)
    run_raising(NotFound("There is no such thing."), monkeypatch)
    assert capsys.readouterr().err == (
        "pipewise: No space left on device: pipewise.db\npipewise: There is no such thing.\n"
    )


def test_an_error_that_nobody_foresaw_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        run_raising(ZeroDivisionError(), monkeypatch)


def test_langgraph_is_told_to_be_strict_and_to_trace_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGGRAPH_STRICT_MSGPACK")
    monkeypatch.delenv("LANGSMITH_TRACING")
    run_raising(NotFound("stop here"), monkeypatch)
    assert (os.environ["LANGGRAPH_STRICT_MSGPACK"], os.environ["LANGSMITH_TRACING"]) == ("true", "false")


def test_a_decision_to_trace_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    run_raising(NotFound("stop here"), monkeypatch)
    assert os.environ["LANGSMITH_TRACING"] == "true"

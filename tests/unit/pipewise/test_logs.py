"""Logs: one JSON object a line, whatever is logged; no secret in any part of it."""

import ast
import base64
import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipewise import log_mask
from pipewise.errors import NotFound
from pipewise.log_mask import SecretMask
from pipewise.logs import FIELDS, TALKATIVE, JsonFormatter, configure_logging, mask_in_use, mask_of
from pipewise.settings import Settings, load_settings

ROOT = Path(__file__).parents[3]
SECRET = "swordfish-and-chips"
TOKEN = "pw_" + "Ab3-_" * 6


def format_record(*args: object, mask: SecretMask | None = None, exc_info: Any = None, **extra: Any) -> str:
    record = logging.LogRecord("pipewise.part", logging.WARNING, "file.py", 1, args[0], args[1:], exc_info)
    vars(record).update(extra)
    return JsonFormatter(mask or SecretMask()).format(record)


def read_record(*args: object, **more: Any) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(format_record(*args, **more))
    return line


@pytest.fixture
def own_logging() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_a_record_says_when_what_and_where_from() -> None:
    line = read_record("lane %s failed", "7", lead_id="lead-1")
    assert line.pop("time").endswith("Z")
    assert line == {"level": "warning", "logger": "pipewise.part", "message": "lane 7 failed", "lead_id": "lead-1"}


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x00", "\x7f", "\x85", "\u2028", "\u2029", "\u202e"])
def test_what_is_logged_cannot_start_a_second_line_or_steer_a_terminal(character: str) -> None:
    text = format_record("said %s", f"a{character}b", folder=f"c{character}d")
    assert character not in text
    assert len(text.splitlines()) == 1
    assert json.loads(text)["message"] == f"said a{character}b"


def failure(error: Exception) -> Any:
    try:
        raise error
    except type(error):
        return sys.exc_info()


def test_a_traceback_stays_on_the_line_and_quotes_nobody() -> None:
    text = format_record("it broke", exc_info=failure(ValueError("I am Ana, call me at 910 000 123")))
    assert len(text.splitlines()) == 1
    told = json.loads(text)["exception"]
    assert told.endswith("builtins.ValueError\n")
    assert "in failure" in told
    assert "Ana" not in text


def test_our_own_errors_and_those_of_the_system_say_what_is_wrong() -> None:
    for error in (NotFound("There is no such lead."), OSError(28, "No space left on device")):
        assert str(error) in json.loads(format_record("it broke", exc_info=failure(error)))["exception"]


def test_the_cause_of_an_error_is_told_before_it() -> None:
    try:
        try:
            raise KeyError(SECRET)  # noqa: TRY301  the cause
        except KeyError as error:
            raise NotFound("There is no such lead.") from error
    except NotFound:
        told = json.loads(format_record("it broke", exc_info=sys.exc_info()))["exception"]
    assert told.index("KeyError") < told.index("then:") < told.index("NotFound: There is no such lead.")
    assert SECRET not in told


def test_fields_that_are_not_on_the_list_are_left_out() -> None:
    line = read_record("it broke", text="words of a lead", phone="+351910000123", body={"a": 1}, lead_id="lead-1")
    assert line.keys() == {"time", "level", "logger", "message", "lead_id"}


def test_every_field_that_the_code_logs_is_on_the_list() -> None:
    used = set()
    for folder in ("api", "graph", "nodes", "pipewise", "tools"):
        for path in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and _name(call.func.value) == "log"
                ):
                    given = next((one.value for one in call.keywords if one.arg == "extra"), None)
                    used |= {key.value for key in getattr(given, "keys", ()) if isinstance(key, ast.Constant)}
    assert used == set(FIELDS)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("said", ["+351 910 000 123", "351910000123", "ana.silva+x@example.co.uk"])
def test_what_reaches_a_person_is_starred_out(said: str) -> None:
    line = read_record("a library says %s.", said, path=f"/api/leads/{said}")
    assert (line["message"], line["path"]) == ("a library says ***.", "/api/leads/***")


def test_ids_counts_and_times_of_ours_stay() -> None:
    for told in (
        "3f2b1c9a-0000-4000-8000-123456789012",
        "65536 bytes",
        "port 8000",
        "2026-11-25T20:00:00.123456Z",
        "1.234567",
    ):
        assert read_record("see %s", told)["message"] == f"see {told}"


def test_registered_secrets_are_starred_out_in_every_part() -> None:
    mask = SecretMask([SECRET])
    text = format_record(
        "key %s", SECRET, mask=mask, folder=f"x{SECRET}x", work={SECRET: [SECRET, {"deep": (SECRET, 1, None, True)}]}
    )
    assert SECRET not in text
    line = json.loads(text)
    assert line["message"] == "key ***"
    assert line["work"] == {"***": ["***", {"deep": ["***", 1, None, True]}]}


def test_what_looks_like_a_token_is_starred_out_though_nobody_registered_it() -> None:
    assert read_record("came with Bearer %s.", TOKEN)["message"] == "came with Bearer ***."
    assert read_record("pw_short is no token")["message"] == "pw_short is no token"


def test_a_secret_inside_another_leaves_no_rest() -> None:
    assert SecretMask(["swordfish", SECRET]).hide(f"<{SECRET}>") == "<***>"


def test_short_or_missing_values_do_not_star_out_ordinary_words() -> None:
    assert SecretMask(["a", "", None]).hide("a banana") == "a banana"


def test_a_mask_does_not_hold_what_it_hides() -> None:
    mask = SecretMask([SECRET])
    assert SECRET not in repr(mask)
    assert SECRET not in str(vars(mask))


def test_other_spellings_of_a_secret_are_known() -> None:
    mask = SecretMask(["sword/fish & chips"])
    assert mask.hide("GET /?key=sword%2Ffish%20%26%20chips&x=1") == "GET /?key=***&x=1"
    for before in (b"", b"a:", b"ab:", b"abc:"):
        encoded = base64.b64encode(before + b"sword/fish & chips" + b" and more").decode()
        assert "c3dvcmQ" not in mask.hide(encoded)
        assert "***" in mask.hide(encoded)


def test_of_very_many_secrets_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_mask, "MOST_SECRETS", 12)
    mask = SecretMask()
    for number in range(100):
        mask.add(f"secret-{number:04}-of-many")
    assert mask.hide("secret-0099-of-many") == "***"
    assert mask.hide("secret-0000-of-many") == "secret-0000-of-many"
    assert len(mask._known) == 12


def test_a_password_in_the_database_url_is_known() -> None:
    settings = load_settings(_env_file=None, database_url=f"postgresql+psycopg://me:{SECRET}@db/pipewise")
    assert mask_of(settings).hide(f"cannot reach me:{SECRET}@db") == "cannot reach me:***@db"


def test_every_secret_of_the_settings_is_known() -> None:
    fields = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    values = {name: f"secret-of-{name}" for name in fields} | {"api_token": TOKEN}
    settings = load_settings(_env_file=None, **values)
    mask = mask_of(settings, SECRET)
    assert {mask.hide(value) for value in (*values.values(), SECRET)} == {"***"}


def test_every_logger_writes_through_the_one_handler(own_logging: None) -> None:
    stream = io.StringIO()
    configure_logging(SecretMask([SECRET]), stream)
    logging.getLogger("uvicorn.error").info("started with %s", SECRET)
    logging.getLogger("httpx").info("GET https://vendor.example/?access_token=%s", "abc")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["message"] == "started with ***"


def test_what_is_opened_later_is_hidden_in_the_process_s_log(own_logging: None) -> None:
    stream = io.StringIO()
    configure_logging(SecretMask(), stream)
    mask_in_use().add(SECRET)
    logging.getLogger("any.library").warning("sent with %s", SECRET)
    assert json.loads(stream.getvalue())["message"] == "sent with ***"

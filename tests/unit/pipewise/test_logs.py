"""Logs: one JSON object a line, whatever is logged; no secret in any part of it."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from pipewise.logs import TALKATIVE, JsonFormatter, SecretMask, configure_logging, mask_of
from pipewise.settings import Settings, load_settings

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
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "warning", "logger": "pipewise.part", "message": "lane 7 failed", "lead_id": "lead-1"}


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x00", "\x7f", "\x85", "\u2028", "\u2029", "\u202e"])
def test_what_is_logged_cannot_start_a_second_line_or_steer_a_terminal(character: str) -> None:
    text = format_record("said %s", f"a{character}b", field=f"c{character}d")
    assert character not in text
    assert len(text.splitlines()) == 1
    assert json.loads(text)["message"] == f"said a{character}b"


def test_a_traceback_stays_on_the_line() -> None:
    try:
        int(SECRET)
    except ValueError:
        text = format_record("it broke", mask=SecretMask([SECRET]), exc_info=sys.exc_info())
    assert len(text.splitlines()) == 1
    assert json.loads(text)["exception"].endswith("ValueError: invalid literal for int() with base 10: '***'")


def test_registered_secrets_are_starred_out_in_every_part() -> None:
    mask = SecretMask([SECRET])
    text = format_record(
        "key %s", SECRET, mask=mask, plain=f"x{SECRET}x", nested={SECRET: [SECRET, {"deep": (SECRET, 1, None, True)}]}
    )
    assert SECRET not in text
    line = json.loads(text)
    assert line["message"] == "key ***"
    assert line["nested"] == {"***": ["***", {"deep": ["***", 1, None, True]}]}


def test_what_looks_like_a_token_is_starred_out_though_nobody_registered_it() -> None:
    assert read_record("came with Bearer %s.", TOKEN)["message"] == "came with Bearer ***."
    assert read_record("pw_short is no token")["message"] == "pw_short is no token"


def test_a_secret_inside_another_leaves_no_rest() -> None:
    assert SecretMask(["swordfish", SECRET]).hide(f"<{SECRET}>") == "<***>"


def test_short_or_missing_values_do_not_star_out_ordinary_words() -> None:
    assert SecretMask(["a", "", None]).hide("a banana") == "a banana"


def test_a_mask_does_not_show_what_it_hides() -> None:
    assert SECRET not in repr(SecretMask([SECRET]))


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

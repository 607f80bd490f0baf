"""Whose work a stack of frames is."""

import pytest

from bench.parts import ROOT, is_driver_call, part_of, shares

SITE = "/venv/lib/python3.11/site-packages"
JSON, LOOP = "/usr/lib/python3.11/json/encoder.py", "/usr/lib/python3.11/asyncio/base_events.py"
OURS = f"{ROOT}/pipewise/platforms/whatsapp/client.py"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([JSON, f"{SITE}/sqlalchemy/engine/base.py", f"{ROOT}/pipewise/inbox.py"], "SQLAlchemy"),
        (
            [JSON, f"{SITE}/h11/_writers.py", f"{SITE}/httpx/_client.py", f"{SITE}/openai/_base_client.py"],
            "model client",
        ),
        (
            [f"{SITE}/h11/_writers.py", f"{SITE}/httpcore/_async/http11.py", f"{SITE}/httpx/_client.py", OURS],
            "vendor HTTP",
        ),
        ([JSON, f"{SITE}/h11/_connection.py", f"{SITE}/uvicorn/protocols/http/h11_impl.py"], "JSON/HTTP server"),
        ([f"{SITE}/langgraph/pregel/main.py", f"{ROOT}/graph/turns.py"], "LangGraph and LangChain"),
        ([f"{SITE}/langgraph/checkpoint/sqlite/aio.py", f"{SITE}/langgraph/pregel/main.py"], "checkpoint saver"),
        ([JSON, OURS, f"{SITE}/langgraph/pregel/main.py"], "ours"),
        ([LOOP], "event loop"),
        ([], "event loop"),
    ],
)
def test_the_innermost_frame_with_an_owner_decides(files: list[str], expected: str) -> None:
    assert part_of(files) == expected


def test_shares_are_of_one_event_and_the_largest_comes_first() -> None:
    counts = {"ours": 0.1, "event loop": 0.3, "all": 0.4}
    (first, spent, share), (second, *_) = shares(counts, 10)
    assert (first, second, spent, share) == ("event loop", "ours", pytest.approx(30), pytest.approx(0.75))


@pytest.mark.parametrize(
    ("frames", "expected"), [([("default.py", "do_execute")], True), ([("base.py", "compile")], False), ([], False)]
)
def test_a_thread_that_called_into_sqlite_is_told_from_what_prepares_the_call(
    frames: list[tuple[str, str]], expected: bool
) -> None:
    assert is_driver_call(frames) is expected

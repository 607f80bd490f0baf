"""docs/http.md, run: every call, every example, and the list of what is not offered."""

import json
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.protocol.not_offered import MISSING
from tests.integration.protocol.servers import AUTHORIZED, TOKEN, Server, connect_approving, serving
from tests.packaging.tree import ROOT

PAGE = (ROOT / "docs" / "http.md").read_text()
CALLS = re.findall(r"^```bash\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def page_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("page")
    with serving("sqlite", folder) as started:
        connect_approving(started)
        yield started


def call(server: Server, text: str, **values: str) -> httpx.Response:
    """A call as `curl` would make it."""
    for name, value in {"URL": server.url, "TOKEN": TOKEN, **values}.items():
        text = text.replace(f"${name}", value)
    words = iter(shlex.split(text.replace("\\\n", " ")))
    assert next(words) == "curl"
    method, url, headers, body = "GET", "", {}, None
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d":
                body = next(words)
            case "-N":
                continue
            case _:
                url = word
    return httpx.request(method, url, headers=headers, content=body, timeout=30)


def test_every_call_is_answered(page_server: Server) -> None:
    event = {"event": {"platform": "whatsapp", "sender": "351911000224", "text": "Schedule a demo"}}
    body = {"assistant_id": "pipewise", "input": event}
    made = httpx.post(f"{page_server.url}/runs/wait", json=body, headers=AUTHORIZED, timeout=30).json()
    assert len(CALLS) >= 7
    for text in CALLS:
        answer = call(page_server, text, LEAD=made["lead_id"], RUN=made["run_id"])
        assert answer.is_success, (text, answer.text)
        if "/runs/wait" in text:
            assert set(answer.json()) >= {"intent", "reply", "lead_id", "lead", "actions"}
        if "/runs/stream" in text:
            assert {"event: metadata", "event: updates", "event: custom"} <= set(answer.text.splitlines())
        if "/state" in text:
            assert len(answer.json()["values"]["messages"]) == 2
        if "/fork" in text:
            assert answer.json()["sent"] is False
        if "/items/search" in text:
            assert [item["key"] for item in answer.json()["items"]] == ["discount"]


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
async def test_every_example_runs(page_server: Server, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    source = EXAMPLES[number].replace("http://127.0.0.1:8000", page_server.url).replace("pw_…", TOKEN)
    scope: dict[str, Any] = {}
    exec(f"async def example():\n{textwrap.indent(source, '    ')}\n    await client.aclose()", scope)  # noqa: S102  our own page
    await scope["example"]()
    told = capsys.readouterr().out
    assert [
        "meeting_request" in told and "updates" in told,
        "'greeting'" in told and "'meeting_request'" in told,
        "T08:00:00Z\n1" in told or "T09:00:00Z\n1" in told,
        "Hello! What can we do for you?" in told,
    ][number], told


def test_the_list_of_what_is_not_offered_is_complete() -> None:
    section = PAGE.split("## What is not offered")[1]
    listed = [tuple(route.split(" ")) for route in re.findall(r"^\| `([A-Z]+ /\S+)` \|", section, re.MULTILINE)]
    assert sorted(listed) == sorted(MISSING)


def test_every_body_on_the_page_is_json() -> None:
    bodies = re.findall(r"-d '([^']+)'", PAGE)
    assert len(bodies) >= 6
    for body in bodies:
        json.loads(body)

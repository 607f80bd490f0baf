"""An OpenAI-compatible model on a real loopback socket, with a script; the provider's client speaks no ASGI."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from pipewise.clock import SystemClock
from pipewise.sandbox.app import create_sandbox
from pipewise.sandbox.serve import HangUpProtocol
from tests.integration.command_line import free_port

Answer = dict[str, Any]


def says(text: str) -> Answer:
    return {"text": text}


def call(tool: str, **arguments: Any) -> Answer:
    return calls((tool, arguments))


def calls(*asked: tuple[str, dict[str, Any]]) -> Answer:
    return {"tool_calls": [{"name": name, "arguments": arguments} for name, arguments in asked]}


def label(intent: str, confidence: float = 0.95) -> Answer:
    return call("label_intent", label=intent, confidence=confidence, evidence="as told")


OFFER = (call("get_calendly_event_types"), call("find_best_meeting_slot", wish="whenever it suits"))


@dataclass(frozen=True)
class ModelServer:
    url: str
    http: httpx.AsyncClient

    @property
    def settings(self) -> dict[str, Any]:
        """For `open_world`."""
        return {"model": "openai:test", "openai_base_url": f"{self.url}/v1", "openai_api_key": "planted-model-key"}

    async def will(self, *answers: Answer) -> None:
        """These are the next answers, and no others wait."""
        body = {"responses": list(answers), "replace": True}
        (await self.http.post("/_sandbox/model/script", json=body)).raise_for_status()

    async def breaks(self, kind: str, **more: Any) -> None:
        body = {"vendor": "model", "kind": kind, **more}
        (await self.http.post("/_sandbox/faults", json=body)).raise_for_status()

    async def completions(self) -> list[dict[str, Any]]:
        found = (await self.http.get("/_sandbox/ledger", params={"vendor": "model", "kind": "completion"})).json()
        rows: list[dict[str, Any]] = found["items"]
        return rows


@contextlib.asynccontextmanager
async def open_model_server() -> AsyncIterator[ModelServer]:
    port = free_port()
    config = uvicorn.Config(
        create_sandbox(SystemClock()),
        host="127.0.0.1",
        port=port,
        http=HangUpProtocol,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    transport = httpx.AsyncHTTPTransport(retries=10)  # it waits longer after each: the server is about to listen
    try:
        async with httpx.AsyncClient(base_url=url, transport=transport) as http:
            (await http.get("/_sandbox/ledger")).raise_for_status()
            yield ModelServer(url, http)
    finally:
        server.should_exit = True
        await serving

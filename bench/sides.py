"""The servers under comparison, each with a folder of its own and the same fake vendors."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from bench.credentials import API_TOKEN, CALENDLY, SECRET_KEY, WHATSAPP
from bench.load import Feed, Load
from bench.processes import Process, free_port, run_to_end, running
from bench.wire import HOST, Client

ROW_PATH, NAIVE_PATH = "/row", "/webhook"
EMPTY: Mapping[str, str] = MappingProxyType({})


class Measured(Protocol):
    """A process, or a server with its children."""

    def cpu_seconds(self) -> float: ...


@dataclass(frozen=True)
class Side:
    """`load` writes to its WhatsApp webhook. `others` work for it beside its own process: workers, a database server."""

    name: str
    process: Process
    load: Load
    others: tuple[Measured, ...] = ()

    def cpu_seconds(self) -> float:
        return self.process.cpu_seconds() + sum(other.cpu_seconds() for other in self.others)


MODEL = "openai:bench"


def prepare(folder: Path, vendors_port: int) -> dict[str, str]:
    """The folder, and the environment of a server in it. The model is required: were it to fail, the offline model would
    step in and the work would not be the same."""
    folder.mkdir(exist_ok=True)
    vendors = f"http://{HOST}:{vendors_port}"
    return {
        "PIPEWISE_DATA_DIR": str(folder),
        "PIPEWISE_API_TOKEN": API_TOKEN,
        "PIPEWISE_SECRET_KEYS": SECRET_KEY,
        "PIPEWISE_BURST_MS": "0",
        "PIPEWISE_MODEL": MODEL,
        "PIPEWISE_MODEL_REQUIRED": "1",
        "PIPEWISE_DAILY_MODEL_BUDGET_USD": "1000000",
        "PIPEWISE_CALENDLY_API_URL": vendors,
        "PIPEWISE_WHATSAPP_API_URL": vendors,
        "OPENAI_API_KEY": "bench-openai-key",
        "OPENAI_BASE_URL": f"{vendors}/v1",
        "LANGGRAPH_STRICT_MSGPACK": "true",
        "LANGSMITH_TRACING": "false",
    }


Settings = Mapping[str, str]


@asynccontextmanager
async def start_product(
    folder: Path, vendors_port: int, settings: Settings = EMPTY, *, program: Sequence[str] = ("pipewise", "serve")
) -> AsyncIterator[Process]:
    """SQLite with synchronous=FULL, as it comes; `settings` go over those of every server here."""
    port = free_port()
    arguments = [*program, "--host", HOST, "--port", str(port)]
    environment = {**prepare(folder, vendors_port), **settings}
    async with running(arguments, environment, port=port, log=folder / "serve.log") as process:
        yield process


@asynccontextmanager
async def start_naive(
    folder: Path, vendors_port: int, settings: Settings = EMPTY, *, program: Sequence[str] = ("bench.baseline", "naive")
) -> AsyncIterator[Process]:
    port = free_port()
    arguments = [*program, "--port", str(port)]
    environment = {**prepare(folder, vendors_port), **settings}
    async with running(arguments, environment, port=port, log=folder / "serve.log") as process:
        yield process


async def connect_vendors(port: int) -> str:
    """Through the product's API. Returns the path of its WhatsApp webhook."""
    await _connect(port, "calendly", CALENDLY)
    return f"/webhooks/whatsapp/{await _connect(port, 'whatsapp', WHATSAPP)}"


@asynccontextmanager
async def open_product(
    folder: Path, vendors_port: int, feed: Feed, settings: Settings = EMPTY, **more: Any
) -> AsyncIterator[Side]:
    """With both vendors connected."""
    async with start_product(folder, vendors_port, settings, **more) as process:
        load = Load(process.port, await connect_vendors(process.port), feed)
        yield Side("product", process, load)
        load.close()


@asynccontextmanager
async def open_naive(folder: Path, vendors_port: int, feed: Feed, **more: Any) -> AsyncIterator[Side]:
    async with start_naive(folder, vendors_port, **more) as process:
        load = Load(process.port, NAIVE_PATH, feed)
        yield Side("naive", process, load)
        load.close()


async def run_bare(folder: Path, vendors_port: int, *, seconds: float, leads: int, text: str) -> dict[str, float]:
    arguments = ["bench.baseline", "bare", "--seconds", str(seconds), "--leads", str(leads), "--text", text]
    settings = prepare(folder, vendors_port)
    printed = await run_to_end(arguments, settings, seconds=seconds + 60, log=folder / "bare.log")
    measured: dict[str, float] = json.loads(printed)
    return measured


async def _connect(port: int, platform: str, credentials: dict[str, str]) -> str:
    client = Client(port)
    body = json.dumps({"platform": platform, "credentials": credentials}).encode()
    authorization = {"authorization": f"Bearer {API_TOKEN}"}
    status, answer = await client.request("POST", "/api/integrations", body, authorization)
    client.close()
    if status != 201:
        raise RuntimeError(f"{platform} could not be connected: {status} {answer.decode()}")
    return str(json.loads(answer)["id"])

"""The servers under comparison, each with a folder of its own and the same fake vendors."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.credentials import API_TOKEN, CALENDLY, WHATSAPP
from bench.load import Feed, Load
from bench.processes import Process, free_port, run_to_end, running
from bench.wire import HOST, Client

ROW_PATH = "/row"


@dataclass(frozen=True)
class Side:
    """`load` writes to its WhatsApp webhook."""

    name: str
    process: Process
    load: Load


MODEL = "openai:bench"


def prepare(folder: Path, vendors_port: int) -> dict[str, str]:
    """The folder, and the environment of a server in it. The model is required: were it to fail, the offline model would
    step in and the work would not be the same."""
    folder.mkdir(exist_ok=True)
    vendors = f"http://{HOST}:{vendors_port}"
    return {
        "PIPEWISE_DATA_DIR": str(folder),
        "PIPEWISE_API_TOKEN": API_TOKEN,
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


@asynccontextmanager
async def start_product(folder: Path, vendors_port: int, model: str = MODEL) -> AsyncIterator[Process]:
    """SQLite with synchronous=FULL, as it comes."""
    port = free_port()
    arguments = ["pipewise", "serve", "--host", HOST, "--port", str(port)]
    settings = {**prepare(folder, vendors_port), "PIPEWISE_MODEL": model}
    async with running(arguments, settings, port=port, log=folder / "serve.log") as process:
        yield process


@asynccontextmanager
async def open_product(folder: Path, vendors_port: int, feed: Feed, model: str = MODEL) -> AsyncIterator[Side]:
    """With both vendors connected through its API."""
    async with start_product(folder, vendors_port, model) as process:
        await _connect(process.port, "calendly", CALENDLY)
        integration_id = await _connect(process.port, "whatsapp", WHATSAPP)
        load = Load(process.port, f"/webhooks/whatsapp/{integration_id}", feed)
        yield Side("product", process, load)
        load.close()


@asynccontextmanager
async def open_naive(folder: Path, vendors_port: int, feed: Feed) -> AsyncIterator[Side]:
    port = free_port()
    arguments = ["bench.baseline", "naive", "--port", str(port)]
    settings = prepare(folder, vendors_port)
    async with running(arguments, settings, port=port, log=folder / "serve.log") as process:
        load = Load(port, "/webhook", feed)
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

"""Whose work a stack is, told by the files of its frames."""

from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = str(Path(__file__).parent.parent)

EVENT_LOOP, OURS, MODEL, VENDOR, SERVER = "event loop", "ours", "model client", "vendor HTTP", "JSON/HTTP server"
LANGGRAPH, TABLES, CHECKPOINTS = "LangGraph and LangChain", "SQLAlchemy", "checkpoint saver"
DRIVER = "SQLite itself"
# Where Python code hands over to SQLite: the cursor of our threads, SQLAlchemy's dialect, aiosqlite's thread.
_DRIVER_CALLS = {
    "execute",
    "executemany",
    "do_execute",
    "do_execute_no_params",
    "do_executemany",
    "do_commit",
    "do_begin",
    "_connection_worker_thread",
}

# Folder in site-packages, and the part that owns all it does, whoever called it.
_DECISIVE = {
    "sqlalchemy": TABLES,
    "psycopg": TABLES,
    "psycopg_pool": TABLES,
    "aiosqlite": CHECKPOINTS,
    "langgraph": LANGGRAPH,
    "langchain_core": LANGGRAPH,
    "langsmith": LANGGRAPH,
    "langchain_openai": MODEL,
    "openai": MODEL,
    "fastapi": SERVER,
    "starlette": SERVER,
    "uvicorn": SERVER,
    "procrastinate": "wake-ups",
    "pydantic_settings": OURS,
}
# They carry requests for others: a model's, a vendor's.
_CARRIERS = {"httpx", "httpcore", "h11", "aiohttp", "httpx_aiohttp", "anyio"}
_OUR_FOLDERS = ("pipewise", "graph", "nodes", "tools", "api", "bench")
_SAVERS = ("langgraph/checkpoint/", "graph/sealed_saver.py", "graph/checkpoint_rows.py")


def part_of(files: Iterable[str]) -> str:
    """`files`: of the frames, innermost first. The innermost frame that has an owner decides; the standard library and what
    validates or serializes belong to whoever called them."""
    carried = False
    for file in files:
        if any(name in file for name in _SAVERS):
            return CHECKPOINTS
        package = _package(file)
        if package in _CARRIERS:
            carried = True
        elif package in _DECISIVE:
            return _DECISIVE[package]
        elif file.startswith(tuple(f"{ROOT}/{folder}/" for folder in _OUR_FOLDERS)) and not file.endswith(
            "/profiled.py"
        ):
            return VENDOR if carried else OURS
    return "HTTP clients" if carried else EVENT_LOOP


def is_driver_call(frames: Sequence[tuple[str, str]]) -> bool:
    """Whether the innermost frame, a file and a function, has called into the database's library."""
    return bool(frames) and frames[0][1] in _DRIVER_CALLS


def _package(file: str) -> str:
    _, found, rest = file.rpartition("site-packages/")
    return rest.split("/", 1)[0] if found else ""


def shares(counts: dict[str, float], events: int) -> list[tuple[str, float, float]]:
    """Part, milliseconds an event, share of all; the largest first."""
    whole = counts["all"]
    rows = [(part, spent / events * 1000, spent / whole) for part, spent in counts.items() if part != "all"]
    return sorted(rows, key=lambda row: -row[1])

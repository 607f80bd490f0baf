"""The graph's values as the protocol's JSON: messages, interrupts, states."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import Interrupt, StateSnapshot
from pydantic import BaseModel


def dump(value: Any) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def as_json(value: Any) -> Any:
    return json.loads(dump(value))


def _plain(value: Any) -> Any:
    if isinstance(value, Interrupt):
        return describe_interrupt(value)
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def describe_interrupt(interrupt: Interrupt) -> dict[str, Any]:
    described: dict[str, Any] = {"id": interrupt.id, "value": interrupt.value}
    if interrupt.response_schema is not None:
        described["response_schema"] = interrupt.response_schema
    return described


def describe_state(snapshot: StateSnapshot, thread_id: str) -> dict[str, Any]:
    """`thread_id` as the client knows it."""
    return {
        "values": snapshot.values,
        "next": list(snapshot.next),
        "tasks": [_describe_task(task, thread_id) for task in snapshot.tasks],
        "metadata": _without_ours(snapshot.metadata),
        "created_at": snapshot.created_at,
        "checkpoint": describe_checkpoint(snapshot.config, thread_id),
        "parent_checkpoint": describe_checkpoint(snapshot.parent_config, thread_id),
        "interrupts": [describe_interrupt(one) for one in snapshot.interrupts],
    }


def describe_checkpoint(config: RunnableConfig | Mapping[str, Any] | None, thread_id: str) -> dict[str, Any] | None:
    given = (config or {}).get("configurable") or {}
    if not given.get("checkpoint_id"):
        return None
    return {
        "thread_id": thread_id,
        "checkpoint_ns": given.get("checkpoint_ns", ""),
        "checkpoint_id": given["checkpoint_id"],
    }


def _describe_task(task: Any, thread_id: str) -> dict[str, Any]:
    nested = task.state if isinstance(task.state, StateSnapshot) else None
    return {
        "id": task.id,
        "name": task.name,
        "path": list(task.path),
        "error": str(task.error) if task.error else None,
        "interrupts": [describe_interrupt(one) for one in task.interrupts],
        "checkpoint": describe_checkpoint(task.state, thread_id) if task.state and nested is None else None,
        "state": describe_state(nested, thread_id) if nested else None,
        "result": task.result,
    }


def _without_ours(metadata: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: value for name, value in metadata.items() if name not in {"turn", "thread_id"}} if metadata else None

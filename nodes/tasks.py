"""Tasks for a person, as a turn proposes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

LONGEST_DETAIL = 500


def task(kind: str, title: str, detail: str, due: datetime | None = None) -> dict[str, Any]:
    return {"kind": kind, "title": title, "detail": detail, "due_at": due.isoformat() if due else None}


def with_task(proposal: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """The proposal with one more task."""
    return {**proposal, "tasks": [*proposal.get("tasks", ()), dict(added)]}

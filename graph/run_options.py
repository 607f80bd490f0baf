"""How one run over HTTP is carried out: where it starts, what is told of it while it runs, when its steps are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Emit = Callable[[tuple[str, ...], str, Any], None]
"""Takes a namespace, a stream mode and what it says."""
Durability = Literal["sync", "async", "exit"]


@dataclass(frozen=True)
class RunOptions:
    """A lead's own turn by default: kept once at its end, told to nobody. `stop_before` and `stop_after` are names of nodes;
    "*" is all of them."""

    durability: Durability = "exit"
    checkpoint_id: str | None = None
    modes: tuple[str, ...] = ()
    emit: Emit | None = None
    stop_before: tuple[str, ...] = ()
    stop_after: tuple[str, ...] = ()

    def stops(self) -> dict[str, Any]:
        """LangGraph's arguments."""
        given = {"interrupt_before": self.stop_before, "interrupt_after": self.stop_after}
        return {name: "*" if "*" in nodes else list(nodes) for name, nodes in given.items() if nodes}

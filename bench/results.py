"""What a run found: numbers by metric, side and round, and what would make a comparison unfair."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bench.load import Samples
from bench.samples import percentile

# Not of the work itself: asked once per process, or shown because a turn took long.
NOT_COMPARED = frozenset({"calendly.user", "whatsapp.typing"})

Calls = dict[str, float]


@dataclass
class Results:
    """values[metric][side] holds one number per round. `tables`: bytes a turn by table. `invalid` says why a comparison
    would not be fair."""

    values: defaultdict[str, defaultdict[str, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    calls: list[tuple[str, dict[str, Calls]]] = field(default_factory=list)
    tables: dict[str, dict[str, float]] = field(default_factory=dict)
    invalid: list[str] = field(default_factory=list)

    def add(self, metric: str, side: str, value: float) -> None:
        self.values[metric][side].append(value)

    def add_percentiles(self, metric: str, side: str, seconds: list[float], percents: tuple[int, ...]) -> None:
        """As milliseconds."""
        for percent in percents:
            self.add(f"{metric}_p{percent}", side, percentile(seconds, percent) * 1000)

    def check(self, where: str, side: str, samples: Samples) -> None:
        if samples.refused or samples.unanswered:
            self.invalid.append(f"{where}, {side}: {samples.refused} refused, {samples.unanswered} not answered")

    def compare_calls(self, where: str, calls: dict[str, Calls]) -> None:
        """The vendor calls of one event, by side and kind: a comparison is fair only if they are the same."""
        self.calls.append((where, calls))
        work = [{kind: round(n, 1) for kind, n in of.items() if _is_work(kind)} for of in calls.values()]
        if any(other != work[0] for other in work[1:]):
            self.invalid.append(f"{where}: the sides did not do the same work: {' and '.join(map(str, work))} an event")

    def as_json(self) -> dict[str, Any]:
        return {"values": self.values, "calls": self.calls, "tables": self.tables, "invalid": self.invalid}


def _is_work(kind: str) -> bool:
    """Not the product's own look at its connections, which no turn asks for: one or two calls in 45 seconds."""
    return kind not in NOT_COMPARED and not kind.startswith("unknown GET ")

"""What a suite reports: a table to read, the same as JSON, and the limits that did not hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Limit:
    """`value` must be at least `bound`, or at most if `most`."""

    name: str
    value: float
    bound: float
    most: bool = False

    @property
    def holds(self) -> bool:
        return self.value <= self.bound if self.most else self.value >= self.bound

    def line(self) -> str:
        sign = "<=" if self.most else ">="
        return f"{'holds ' if self.holds else 'FAILS '} {self.name} {self.value:.3f} {sign} {self.bound:g}"


@dataclass(frozen=True)
class SuiteReport:
    suite: str
    lines: tuple[str, ...]
    figures: dict[str, Any]
    limits: tuple[Limit, ...]

    @property
    def holds(self) -> bool:
        return all(limit.holds for limit in self.limits)

    def table(self) -> list[str]:
        return [*self.lines, "", *(limit.line() for limit in self.limits)]

    def as_dict(self) -> dict[str, Any]:
        limits = [
            {"name": limit.name, "value": limit.value, "bound": limit.bound, "most": limit.most, "holds": limit.holds}
            for limit in self.limits
        ]
        return {"suite": self.suite, "holds": self.holds, "limits": limits, **self.figures}


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns: the first to the left, the others to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]

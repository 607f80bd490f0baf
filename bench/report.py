"""The table: absolute numbers, ratios, and what they must and should be. Only what was measured has a line."""

import math
import operator
from collections.abc import Iterator, Sequence

from bench.budgets import BUDGETS, MORE, Limit, Line
from bench.results import Results
from bench.samples import median

SIDES = ("product", "naive", "bare", "row")
MISSED, MISSED_AND_FAILS, HELD, AIMED = "misses", "MISSES", "holds", "aim"
_HOLDS = {"≤": operator.le, "≥": operator.ge}
_HEAD = ("", *SIDES, "÷ naive", "must", "aim", "")


def ratio(results: Results, metric: str, baseline: str) -> float:
    """The median of the rounds' ratios: both sides of one ratio met the same noise."""
    sides = results.values[metric]
    pairs = zip(sides["product"], sides[baseline], strict=False)
    return median([mine / other for mine, other in pairs if other])


def holds(results: Results, line: Line, limit: Limit) -> bool:
    if limit.baseline:
        measured = ratio(results, line.metric, limit.baseline)
    else:
        values = results.values[line.metric]["product"]
        measured = min(values, default=math.nan) if line.gates else median(values)
    return bool(_HOLDS[limit.sign](measured, limit.number))


def verdict(results: Results, line: Line) -> str:
    if line.must and not holds(results, line, line.must):
        return MISSED_AND_FAILS if line.gates else MISSED
    if line.aim and holds(results, line, line.aim):
        return AIMED
    return HELD if line.must else ""


def measured(results: Results, lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if results.values.get(line.metric)]


def failures(results: Results) -> list[str]:
    """Why the run does not pass."""
    missed = [
        f"{line.title}: must be {line.must}"
        for line in measured(results, BUDGETS)
        if verdict(results, line) == MISSED_AND_FAILS
    ]
    return [*results.invalid, *missed]


def render(results: Results) -> str:
    tables = [_table(results, measured(results, lines)) for lines in (BUDGETS, MORE)]
    parts = [*tables, "\n".join(_calls(results)), "\n".join(_kept(results))]
    return "\n\n".join(part for part in parts if part)


def _table(results: Results, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    rows = [_HEAD, *(_cells(results, line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    )


def _cells(results: Results, line: Line) -> tuple[str, ...]:
    against = ratio(results, line.metric, "naive")
    return (
        line.title,
        *(_number(median(results.values[line.metric][side]), line.unit) for side in SIDES),
        "" if math.isnan(against) else f"{against:.2f}",
        str(line.must or ""),
        str(line.aim or ""),
        verdict(results, line),
    )


def _number(value: float, unit: str) -> str:
    if math.isnan(value):
        return ""
    if not unit:
        return f"{value:.2f}".removesuffix(".00")
    return f"{value:.{2 if unit == 's' else 1 if value < 100 else 0}f} {unit}"


def _calls(results: Results) -> Iterator[str]:
    """The work of one event in the last round, where it was compared."""
    for where, sides in dict(results.calls).items():
        for side, calls in sides.items():
            yield f"vendor calls an event, {where}, {side}: {_listed(calls, '.2f')}"


def _kept(results: Results) -> Iterator[str]:
    for metric, tables in results.tables.items():
        yield f"bytes a turn by table, {metric}: {_listed(tables, '.0f')}"


def _listed(numbers: dict[str, float], shape: str) -> str:
    return ", ".join(f"{name} {number:{shape}}" for name, number in numbers.items())

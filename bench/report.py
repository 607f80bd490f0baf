"""The table: absolute numbers, ratios, and what they must and should be."""

import math
import operator
from collections.abc import Iterator
from dataclasses import dataclass

from bench.samples import median
from bench.scenarios import Results

_HOLDS = {"≤": operator.le, "≥": operator.ge}


@dataclass(frozen=True)
class Limit:
    """On the ratio product ÷ baseline, or on the product's own number."""

    sign: str
    number: float
    baseline: str | None = None

    def __str__(self) -> str:
        return f"{self.sign} {self.number:g}{f' x {self.baseline}' if self.baseline else ''}"


@dataclass(frozen=True)
class Line:
    """`gates`: the run fails if `must` does not hold in the best round; what disturbs a machine only ever slows it down."""

    metric: str
    title: str
    unit: str
    must: Limit | None = None
    aim: Limit | None = None
    gates: bool = False


def _naive(sign: str, number: float) -> Limit:
    return Limit(sign, number, "naive")


LINES = (
    Line("throughput", "events/s, 20 leads, model 0 ms", "/s", _naive("≥", 1.0), _naive("≥", 1.5)),
    Line("cpu", "CPU per event, database included", "ms", _naive("≤", 1.0), _naive("≤", 0.6)),
    Line("e2e_1_0_p50", "end to end, 1 lead, model 0 ms, p50", "ms"),
    Line("e2e_1_0_p95", "end to end, 1 lead, model 0 ms, p95", "ms"),
    Line("e2e_20_0_p50", "end to end, 20 leads, model 0 ms, p50", "ms"),
    Line("e2e_20_0_p95", "end to end, 20 leads, model 0 ms, p95", "ms"),
    Line("e2e_1_300_p50", "end to end, 1 lead, model 300 ms, p50", "ms", _naive("≤", 1.10), _naive("≤", 1.03)),
    Line("e2e_1_300_p95", "end to end, 1 lead, model 300 ms, p95", "ms"),
    Line("e2e_20_300_p50", "end to end, 20 leads, model 300 ms, p50", "ms"),
    Line("e2e_20_300_p95", "end to end, 20 leads, model 300 ms, p95", "ms", _naive("≤", 1.0), _naive("≤", 0.7)),
    Line("ack_plain_p50", "acknowledgement at 20/s as installed, p50", "ms"),
    Line("ack_plain_p99", "acknowledgement at 20/s as installed, p99", "ms", Limit("≤", 50), gates=True),
    Line("ack_20_p50", "acknowledgement at 20/s, model 300 ms, p50", "ms"),
    Line("ack_20_p99", "acknowledgement at 20/s, model 300 ms, p99", "ms", Limit("≤", 50), Limit("≤", 2, "row")),
    Line("ack_50_p50", "acknowledgement at 50/s, model 300 ms, p50", "ms"),
    Line("ack_50_p99", "acknowledgement at 50/s, model 300 ms, p99", "ms", Limit("≤", 250), Limit("≤", 50)),
    Line("start_new", "first start to healthy, new data folder", "s", Limit("≤", 3), gates=True),
    Line("start", "start to healthy, existing data folder", "s", Limit("≤", 3), _naive("≤", 1.5), gates=True),
    Line("memory_start", "memory after the first events", "MB", Limit("≤", 220), _naive("≤", 1.5)),
    Line("memory_load", "memory after load", "MB", Limit("≤", 220), _naive("≤", 1.5)),
    Line("model_calls_clear", "model calls an event, clear words", ""),
    Line("model_calls_unclear", "model calls an event, unclear words", ""),
)


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


def failures(results: Results) -> list[str]:
    """Why the run does not pass."""
    missed = [
        f"{line.title}: must be {line.must}"
        for line in LINES
        if line.gates and line.must and not holds(results, line, line.must)
    ]
    return [*results.invalid, *missed]


def render(results: Results) -> str:
    rows = [("", "product", "naive", "bare", "row", "÷ naive", "must", "aim", ""), *_cells(results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([*lines, "", *_calls(results)])


def _cells(results: Results) -> Iterator[tuple[str, ...]]:
    for line in LINES:
        shown = [_number(median(results.values[line.metric][side]), line.unit) for side in SIDES]
        against = ratio(results, line.metric, "naive")
        yield (
            line.title,
            *shown,
            "" if math.isnan(against) else f"{against:.2f}",
            str(line.must or ""),
            str(line.aim or ""),
            _verdict(results, line),
        )


SIDES = ("product", "naive", "bare", "row")


def _verdict(results: Results, line: Line) -> str:
    if line.must and not holds(results, line, line.must):
        return "MISSES" if line.gates else "misses"
    if line.aim and holds(results, line, line.aim):
        return "aim"
    return "holds" if line.must else ""


def _number(value: float, unit: str) -> str:
    if math.isnan(value):
        return ""
    digits = 1 if value < 100 and unit != "" else 0 if unit else 2
    return f"{value:.{2 if unit == 's' else digits}f} {unit}".rstrip()


def _calls(results: Results) -> Iterator[str]:
    """The work of one event, of the last round."""
    for side, calls in (results.calls[-1] if results.calls else {}).items():
        shown = ", ".join(f"{kind} {number:.2f}" for kind, number in calls.items())
        yield f"vendor calls an event, {side}: {shown}"

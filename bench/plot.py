"""The picture of a run: product beside the baselines. Needs matplotlib, which only `make bench` installs."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bench.results import Results
from bench.samples import median

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIDES = ("product", "naive", "bare", "row")
COLOURS = {"product": "#1f6f8b", "naive": "#d1495b", "bare": "#8d99ae", "row": "#edae49"}
INCHES, DOTS_PER_INCH = (15, 9), 110


def draw(results: Results, path: Path, footer: str) -> bool:
    """False if matplotlib is not here."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError:
        return False
    figure = Figure(figsize=INCHES, layout="constrained")
    FigureCanvasAgg(figure)
    for axes, (title, unit, bars) in zip(figure.subplots(2, 3).flat, PANELS, strict=True):
        _draw_bars(axes, results, title, unit, bars)
    figure.supxlabel(footer, fontsize=7)
    figure.savefig(path, dpi=DOTS_PER_INCH)
    return True


Bars = tuple[tuple[str, str], ...]
"""Label and metric."""

PANELS: tuple[tuple[str, str, Bars], ...] = (
    (
        "One event, saturated",
        "events/s, ms",
        (
            ("events/s", "throughput"),
            ("CPU, ms", "cpu"),
            ("PG 1 worker /s", "pg1_0_throughput"),
            ("PG 2 /s", "pg2_0_throughput"),
        ),
    ),
    (
        "End to end p95, model 300 ms",
        "ms",
        tuple((shape, f"e2e_{shape}_300_p95") for shape in ("1x3", "20x3", "20x1", "100x1")),
    ),
    (
        "Acknowledgement p99, webhooks/s and leads",
        "ms",
        tuple((f"{rate}/s, {leads}", f"ack_{rate}_{leads}_p99") for rate, leads in ((20, 50), (50, 50), (20, 100))),
    ),
    (
        "Open loop, end to end p50, model 0 ms",
        "ms, log",
        tuple((f"{rate}/s", f"open_{rate}_0_e2e_p50") for rate in (10, 50, 150)),
    ),
    (
        "Late turns and many leads ÷ first",
        "ratio",
        (
            *((f"turn {turn}", f"growth_{turn}") for turn in (10, 30, 100, 200, 1000)),
            *((f"{leads:,} leads", f"stored_{leads}") for leads in (10_000, 100_000, 1_000_000)),
        ),
    ),
    (
        "Answers too many and messages lost",
        "count",
        tuple(
            (f"{title}, {metric}", f"{plan}_{metric}")
            for plan, title in (("redelivery", "3x"), ("burst", "burst"), ("out_of_order", "order"), ("kill", "kill"))
            for metric in ("doubled", "lost")
        ),
    ),
)


def measured_bars(results: Results, bars: Bars) -> list[tuple[str, dict[str, float]]]:
    """Label and median by side, of what was measured."""
    found = []
    for label, metric in bars:
        values: Mapping[str, list[float]] = results.values.get(metric, {})
        if sides := {side: median(values[side]) for side in SIDES if values.get(side)}:
            found.append((label, sides))
    return found


def _draw_bars(axes: "Axes", results: Results, title: str, unit: str, bars: Bars) -> None:
    axes.set_title(title, fontsize=10)
    axes.set_ylabel(unit, fontsize=8)
    shown = measured_bars(results, bars)
    sides = [side for side in SIDES if any(side in medians for _, medians in shown)]
    if not shown:
        axes.text(0.5, 0.5, "not measured", ha="center", va="center")
        axes.set_axis_off()
        return
    width = 0.8 / len(sides)
    for number, side in enumerate(sides):
        places = [at + (number - (len(sides) - 1) / 2) * width for at, (_, of) in enumerate(shown) if side in of]
        heights = [medians[side] for _, medians in shown if side in medians]
        drawn = axes.bar(places, heights, width, label=side, color=COLOURS[side])
        axes.bar_label(drawn, fmt=_short, fontsize=6)
    axes.set_xticks(range(len(shown)), [label for label, _ in shown], fontsize=7, rotation=20 if len(shown) > 4 else 0)
    axes.set_xlim(-0.6, len(shown) - 0.4)
    axes.legend(fontsize=7)
    if unit.endswith("log"):
        axes.set_yscale("log")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

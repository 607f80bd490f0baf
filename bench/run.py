"""One run: rounds in which the scenarios and, within them, the sides take turns; then the table, the numbers, the picture."""

import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.bed import Bed, open_bed
from bench.load import Feed, open_feed
from bench.machine import describe, sentence
from bench.plan import Scenario, of_round
from bench.plot import draw
from bench.processes import running_vendors
from bench.report import failures, render
from bench.results import Results
from bench.scenarios import profile as profiling
from bench.sizes import Sizes
from bench.vendor_control import Vendors

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Run:
    """`seconds`: how long each scenario took, all rounds together."""

    started: datetime
    machine: dict[str, object]
    results: Results
    seconds: dict[str, float]


async def measure(scenarios: Sequence[Scenario], sizes: Sizes) -> Run:
    """Raises what a scenario raises: half a comparison is none."""
    run = Run(datetime.now(UTC), describe(), Results(), {})
    print(f"{sentence(run.machine)}\n{sizes.sentence()}", flush=True)
    async with _open_vendors() as (folder, vendors, feed):
        for number in range(sizes.rounds):
            chosen = of_round(scenarios, number)
            async with open_bed(folder, vendors, feed, sizes, run.results, first_round=number == 0) as bed:
                for scenario in chosen:
                    print(f"round {number + 1} of {sizes.rounds}: {scenario.name} …", end="", flush=True)
                    taken = await _time(scenario, bed)
                    run.seconds[scenario.name] = run.seconds.get(scenario.name, 0.0) + taken
                    print(f" {taken:.0f} s", flush=True)
    return run


async def profile(sizes: Sizes) -> int:
    """Prints whose time it was."""
    async with _open_vendors() as (folder, vendors, feed), open_bed(folder, vendors, feed, sizes, Results()) as bed:
        for line in await profiling.run(bed):
            print(line)
    return 0


def conclude(run: Run, sizes: Sizes, *, picture: bool) -> int:
    """Prints and keeps what was found; returns the exit code."""
    print(f"\n{render(run.results)}\n\n{sentence(run.machine)}\n{sizes.sentence()}")
    path = _keep(run, sizes)
    print(f"kept in {path}")
    if picture:
        drawn = draw(run.results, path.with_suffix(".png"), f"{sentence(run.machine)}\n{sizes.sentence()}")
        print(
            f"drawn in {path.with_suffix('.png')}"
            if drawn
            else "no picture: matplotlib is not here; `make bench` installs it"
        )
    problems = failures(run.results)
    for problem in problems:
        print(f"FAILED  {problem}")
    return 1 if problems else 0


@asynccontextmanager
async def _open_vendors() -> AsyncIterator[tuple[Path, Vendors, Feed]]:
    with tempfile.TemporaryDirectory(prefix="pipewise-bench-") as name:
        folder = Path(name)
        log = folder / "vendors.log"
        async with running_vendors(log) as (port, feed_port), open_feed(feed_port) as feed:
            yield folder, Vendors(port), feed


async def _time(scenario: Scenario, bed: Bed) -> float:
    started = time.monotonic()
    await scenario.run(bed)
    return time.monotonic() - started


def _keep(run: Run, sizes: Sizes) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{run.started:%Y%m%dT%H%M%SZ}.json"
    document = {
        "started": run.started.isoformat(),
        "machine": run.machine,
        "sizes": asdict(sizes),
        "seconds": run.seconds,
        **run.results.as_json(),
    }
    path.write_text(json.dumps(document, indent=1))
    return path

"""`python -m bench [--quick] [--seconds N] [--rounds N]`: measures, prints the table, keeps the numbers as JSON.

Exit code 1: a number that must hold does not, or the sides did not do the same work.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.load import open_feed
from bench.processes import running_vendors
from bench.report import failures, render
from bench.scenarios import Results, Vendors, as_json, measure_all

RESULTS = Path(__file__).parent / "results"


async def measure(seconds: float, rounds: int) -> Results:
    with tempfile.TemporaryDirectory(prefix="pipewise-bench-") as name:
        folder = Path(name)
        async with running_vendors(folder / "vendors.log") as (port, feed_port), open_feed(feed_port) as feed:
            return await measure_all(folder, Vendors(port), feed, seconds=seconds, rounds=rounds)


def keep(results: Results, started: datetime, load: float) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{started:%Y%m%dT%H%M%SZ}.json"
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": load}
    path.write_text(json.dumps({"started": started.isoformat(), "machine": machine, **as_json(results)}, indent=1))
    return path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure PipeWise beside its baselines.")
    parser.add_argument("--quick", action="store_true", help="one round of 3 seconds a scenario, to see that it works")
    parser.add_argument("--seconds", type=float, help="seconds a scenario (default 10)")
    parser.add_argument("--rounds", type=int, help="how often everything is repeated (default 3)")
    arguments = parser.parse_args()
    if not Path("/proc/self/stat").exists():
        print("The benchmark reads /proc, which this system has not.", file=sys.stderr)
        return 2
    seconds = arguments.seconds or (3.0 if arguments.quick else 10.0)
    rounds = arguments.rounds or (1 if arguments.quick else 3)
    started, load = datetime.now(UTC), os.getloadavg()[0]
    results = asyncio.run(measure(seconds, rounds))
    print(f"\n{render(results)}\n\nmachine: {os.cpu_count()} cores, load {load:.1f} before the run")
    print(f"kept in {keep(results, started, load)}")
    problems = failures(results)
    for problem in problems:
        print(f"FAILED  {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench`: measures, prints the table, keeps the numbers as JSON and as a picture. `--help` has the options.

Exit code 1: a number that must hold does not, or the sides did not do the same work.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace

from bench.plan import SCENARIOS, Scenario, select
from bench.sizes import FULL, QUICK, Sizes


def main(argv: Sequence[str] | None = None) -> int:
    parser = _build_parser()
    arguments = parser.parse_args(argv)
    if arguments.list:
        for scenario in SCENARIOS:
            print(f"{scenario.name:16} {scenario.about}{' (every round)' if scenario.every_round else ''}")
        return 0
    if not os.path.exists("/proc/self/stat"):  # noqa: PTH110  one word, before anything is loaded
        print("The benchmark reads /proc, which this system has not.", file=sys.stderr)
        return 2
    try:
        scenarios = select(arguments.only)
    except ValueError as error:
        parser.error(str(error))
    return _run(scenarios, _sizes(arguments), arguments)


def _run(scenarios: Sequence[Scenario], sizes: Sizes, arguments: argparse.Namespace) -> int:
    # Who ends the run this way, too, wants the servers that it started to end with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Loaded only now: `--help` and `--list` need none of it.
    from uvicorn.loops.auto import auto_loop_factory  # noqa: PLC0415

    from bench.run import conclude, measure, profile  # noqa: PLC0415

    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        if arguments.profile:
            return runner.run(profile(sizes))
        return conclude(runner.run(measure(scenarios, sizes)), sizes, picture=arguments.plot)


def _sizes(arguments: argparse.Namespace) -> Sizes:
    sizes = QUICK if arguments.quick else FULL
    return replace(sizes, seconds=arguments.seconds or sizes.seconds, rounds=arguments.rounds or sizes.rounds)


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure PipeWise beside its baselines.")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that everything works")
    parser.add_argument("--only", metavar="NAME[,NAME]", help="these scenarios; --list has the names")
    parser.add_argument("--list", action="store_true", help="the scenarios, and nothing is measured")
    parser.add_argument("--seconds", type=float, help=f"of load a scenario (default {FULL.seconds:g})")
    parser.add_argument("--rounds", type=int, help=f"how often short scenarios are repeated (default {FULL.rounds})")
    parser.add_argument("--no-plot", dest="plot", action="store_false", help="numbers only, no picture")
    parser.add_argument(
        "--profile", action="store_true", help="instead: whose processor time an event is, part by part"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

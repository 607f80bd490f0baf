"""`python -m tests.mutants [NAME…] [--list]`: breaks each guarantee in a copy of the project and requires that its tests fail.

Exit code 1: a mutant survived, does not apply any more, or could not be judged.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import DoesNotApply, Mutant
from tests.mutants.trial import Outcome, copy_project, run_mutated, run_tests
from tests.packaging.tree import ROOT

AT_ONCE = 2
WORDS = {"red": "noticed", "green": "SURVIVED", "broken": "BROKEN"}


def choose(names: Sequence[str]) -> list[Mutant]:
    """All, or those named. Raises LookupError."""
    known = {mutant.name: mutant for mutant in MUTANTS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise LookupError(f"There is no mutant {', '.join(unknown)}; --list names them.")
    return [known[name] for name in names] or list(MUTANTS)


def find_moved(mutants: Iterable[Mutant]) -> list[str]:
    moved = []
    for mutant in mutants:
        try:
            mutant.mutate(ROOT)
        except DoesNotApply as error:
            moved.append(str(error))
    return moved


def try_all(mutants: Sequence[Mutant]) -> int:
    """How many were not noticed. The tests are first seen to pass where nothing is broken."""
    with tempfile.TemporaryDirectory(prefix="pipewise-mutants-") as name:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            copy = Path(name) / f"copy{number}"
            copy_project(copy)
            copies.put(copy)
        tests = list(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
        first = copies.get()
        sound = run_tests(first, tests, "-n", str(AT_ONCE), "--dist", "loadscope")
        copies.put(first)
        if sound.verdict != "green":
            print(f"The tests do not pass on the code as it is: {sound.reason}")
            return len(mutants)
        print(f"unbroken: {sound.reason}", flush=True)

        def try_one(mutant: Mutant) -> Outcome:
            copy = copies.get()
            started = time.monotonic()
            try:
                outcome = run_mutated(copy, mutant)
            finally:
                copies.put(copy)
            took = time.monotonic() - started
            print(f"{WORDS[outcome.verdict]:9} {took:4.0f} s  {mutant.name:34} {outcome.reason[:150]}", flush=True)
            return outcome

        with ThreadPoolExecutor(AT_ONCE) as pool:
            outcomes = list(pool.map(try_one, mutants))
    return sum(outcome.verdict != "red" for outcome in outcomes)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description="Break each guarantee once.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="these alone; default all")
    parser.add_argument("--list", action="store_true", help="name them and what each breaks, and run nothing")
    arguments = parser.parse_args()
    try:
        mutants = choose(arguments.names)
    except LookupError as error:
        parser.error(str(error.args[0]))
    if arguments.list:
        for mutant in mutants:
            print(f"{mutant.name:34} {mutant.guarantee}")
        return 0
    moved = find_moved(mutants)
    for line in moved:
        print(line)
    if moved:
        return 1
    missed = try_all(mutants)
    print(f"{len(mutants) - missed} of {len(mutants)} mutants were noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

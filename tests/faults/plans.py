"""How much is tried: a short form in every test run, the long one by `make faults`; and where its results are written."""

import json
import os
import time
from dataclasses import dataclass

from tests.conftest import TESTS
from tests.faults.checker import Observed

ENVIRONMENT_NAME = "PIPEWISE_FAULTS"
RESULTS = TESTS.parent / "results" / "faults.jsonl"


MOST_PARKED = 0.03
# The vendor of the plans leaves about 1.1 % of its sends in doubt: it drops some before taking them, and of what it took it
# tells nothing. A process that is killed or paused, or whose database goes away, leaves those in doubt that it has claimed
# and that have not reached the vendor: with a handful of sends under way, one or two. Of the few messages of the short form
# that is no small share, so there it is counted; in the long form it has to stay within the share.
DOUBTS_OF_A_FAULT = 2


@dataclass(frozen=True)
class Plan:
    """`doubts` is how many messages one fault may leave parked beyond the share. `timeout` is for one
    test, in seconds, enough for a busy machine; `seed` is the same every day in the short form."""

    name: str
    events: int
    kills: int
    sound_events: int
    worker_events: int
    database_events: int
    worker_rounds: int
    database_stops: int
    doubts: int
    trials: int
    replies: int
    timeout: int
    seed: int


SHORT = Plan("short", 300, 15, 80, 100, 100, 1, 3, DOUBTS_OF_A_FAULT, 60, 60, 240, 20261125)
LONG = Plan("long", 5000, 200, 1000, 5000, 2000, 10, 20, 0, 500, 1600, 7200, int(time.time()))
PLAN = LONG if os.environ.get(ENVIRONMENT_NAME) == "long" else SHORT


def note_result(name: str, seed: int, kills: int, seen: Observed) -> None:
    """One line for each plan of the long form."""
    line = json.dumps({"plan": name, "seed": seed, "kills": kills, **seen.counts()})
    print(line)  # noqa: T201  pytest shows it with a failure
    if PLAN is LONG:
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("a") as file:
            file.write(line + "\n")

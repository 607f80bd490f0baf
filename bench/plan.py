"""Which scenarios there are, in the order in which they run, and which of them a run takes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bench.bed import Bed
from bench.scenarios import (
    acknowledgement,
    growth,
    kept_bytes,
    kill,
    latency,
    misbehaviour,
    model_calls,
    open_loop,
    postgres_workers,
    protocol,
    saturation,
    start,
    stored_leads,
)


@dataclass(frozen=True)
class Scenario:
    """`every_round`: repeated, and its rounds alternate with those of the others. What takes minutes runs once."""

    name: str
    about: str
    run: Callable[[Bed], Awaitable[None]]
    every_round: bool = False


SCENARIOS = (
    Scenario("start", "start to the first healthy answer, new and existing data folder", start.run, every_round=True),
    Scenario("saturation", "events/s and CPU per event, beside naive and bare", saturation.run, every_round=True),
    Scenario("latency", "end to end with 1, 20 and 100 leads, model at 0 and 300 ms", latency.run, every_round=True),
    Scenario("acknowledgement", "webhooks at a fixed rate while turns run", acknowledgement.run, every_round=True),
    Scenario("http", "what a run over HTTP adds to calling the graph", protocol.add_to_a_turn, every_round=True),
    Scenario("streams", "webhooks beside 200 open streams", protocol.keep_streams_open, every_round=True),
    Scenario("model-calls", "model calls an event, clear and unclear words", model_calls.run),
    Scenario("open-loop", "events at 10, 50 and 150/s, answered or not", open_loop.run),
    Scenario("growth", "one lead at turn 10, 100, 200, 1,000 beside new leads", growth.run),
    Scenario("stored-leads", "100, 100,000 and 1,000,000 leads in the table", stored_leads.run),
    Scenario("kept-bytes", "bytes kept per turn, by table", kept_bytes.run),
    Scenario("postgres", "PostgreSQL with 1 and 2 workers", postgres_workers.run, every_round=True),
    Scenario("redelivery", "every delivery three times", misbehaviour.redeliver),
    Scenario("burst", "three messages within 300 ms", misbehaviour.burst),
    Scenario("out-of-order", "the later message is delivered first", misbehaviour.reorder),
    Scenario("kill", "kill -9 in the middle of turns, then a restart", kill.run),
)


def select(names: str | None) -> tuple[Scenario, ...]:
    """All, or those of a comma-separated list, in the order of the plan. Raises ValueError for a name that is none."""
    if names is None:
        return SCENARIOS
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    unknown = wanted - {scenario.name for scenario in SCENARIOS}
    if unknown or not wanted:
        raise ValueError(f"no scenario {', '.join(sorted(unknown)) or 'is named'}; --list shows them")
    return tuple(scenario for scenario in SCENARIOS if scenario.name in wanted)


def of_round(scenarios: Sequence[Scenario], number: int) -> list[Scenario]:
    """`number` counts from 0."""
    return [scenario for scenario in scenarios if scenario.every_round or number == 0]

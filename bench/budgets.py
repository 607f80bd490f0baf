"""The lines of the table, and what each must and should be."""

import itertools
from dataclasses import dataclass


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
    """`gates`: the run fails if `must` does not hold in the best round; what disturbs a machine only ever slows it down.
    `unit` is empty for a pure number."""

    metric: str
    title: str
    unit: str = ""
    must: Limit | None = None
    aim: Limit | None = None
    gates: bool = False


def most(number: float, baseline: str | None = None) -> Limit:
    return Limit("≤", number, baseline)


def least(number: float, baseline: str | None = None) -> Limit:
    return Limit("≥", number, baseline)


FLAT_MUST, FLAT_AIM = most(1.5), most(1.15)

THROUGHPUT = (
    Line("throughput", "events/s, 20 leads, model 0 ms", "/s", least(1, "naive"), least(1.5, "naive")),
    Line("cpu", "CPU per event, database included", "ms", most(1, "naive"), most(0.6, "naive")),
)
LATENCY = (
    Line("e2e_1x3_300_p50", "end to end, 1 lead, model 300 ms, p50", "ms", most(1.1, "naive"), most(1.03, "naive")),
    Line("e2e_20x3_300_p95", "end to end, 20 leads x 3, model 300 ms, p95", "ms", most(1, "naive"), most(0.7, "naive")),
)
ACKNOWLEDGEMENT = (
    Line("ack_plain_p50", "acknowledgement at 20/s as installed, p50", "ms"),
    Line("ack_plain_p99", "acknowledgement at 20/s as installed, p99", "ms", most(50), gates=True),
    Line("ack_20_50_p50", "acknowledgement at 20/s, 50 leads, p50", "ms"),
    Line("ack_20_50_p99", "acknowledgement at 20/s, 50 leads, p99", "ms", most(50), most(2, "row")),
    Line("ack_50_50_p50", "acknowledgement at 50/s, 50 leads, p50", "ms"),
    Line("ack_50_50_p99", "acknowledgement at 50/s, 50 leads, p99", "ms", most(250), most(50)),
    Line("ack_20_100_p50", "acknowledgement at 20/s, 100 leads, p50", "ms"),
    Line("ack_20_100_p99", "acknowledgement at 20/s, 100 leads, p99", "ms", most(250), most(100)),
)
PROTOCOL = (
    Line("http_turn_p50", "a turn over HTTP beside the graph called directly, same checkpointer, p50", "ms"),
    Line("http_adds", "… HTTP adds", "ms", most(15)),
    Line("streams_none_ack_p50", "acknowledgement at 20/s without streams, p50", "ms"),
    Line("streams_none_ack_p99", "acknowledgement at 20/s without streams, p99", "ms"),
    Line("streams_ack_p50", "acknowledgement at 20/s beside 200 open streams, p50", "ms"),
    Line("streams_ack_p99", "acknowledgement at 20/s beside 200 open streams, p99", "ms"),
    Line("streams_slow", "… ÷ p99 without them", "", most(1.2)),
    Line("streams_memory", "memory of 200 open streams", "MB", most(100)),
)
START = (
    Line("start_new", "first start to healthy, new data folder", "s", most(3), most(1.5, "naive"), gates=True),
    Line("start", "start to healthy, existing data folder", "s", most(3), most(1.5, "naive"), gates=True),
    # 220 without the intent classifier, which is always there.
    Line("memory_start", "memory after the first events", "MB", most(320), most(1.5, "naive")),
    Line("memory_load", "memory after load", "MB", most(320), most(1.5, "naive")),
)
FLAT = (
    *(
        line
        for turn in (10, 30, 100, 200, 1000)
        for line in (
            Line(f"growth_{turn}_p50", f"end to end of one lead at turn {turn:,}, p50", "ms"),
            Line(f"growth_{turn}", f"… ÷ turns 1 to 5 of new leads, turn {turn:,}", "", FLAT_MUST, FLAT_AIM),
        )
    ),
    *(
        line
        for (metric, where), leads in itertools.product(
            (("stored", "SQLite"), ("stored_pg", "PostgreSQL")), (100, 10_000, 100_000, 1_000_000)
        )
        for line in (
            Line(f"{metric}_{leads}_p50", f"end to end with {leads:,} leads stored, {where}, p50", "ms"),
            Line(f"{metric}_{leads}", f"… ÷ 100 leads stored, {leads:,}, {where}", "", FLAT_MUST, FLAT_AIM),
        )
    ),
)
KEPT = (
    Line("kept", "bytes kept per turn, SQLite", "kB", most(16), most(12)),
    Line("kept_constant", "… second part ÷ first, SQLite", "", most(1.15)),
    Line("kept_pg", "bytes kept per turn, PostgreSQL", "kB", most(16), most(12)),
    Line("kept_pg_constant", "… second part ÷ first, PostgreSQL", "", most(1.15)),
)


def _workers(number: int) -> str:
    return f"{number} worker{'s' if number > 1 else ''}"


POSTGRES = (
    *(
        line
        for workers, milliseconds in itertools.product((1, 2), (0, 300))
        for line in (
            Line(
                f"pg{workers}_{milliseconds}_throughput",
                f"events/s, PostgreSQL, {_workers(workers)}, model {milliseconds} ms",
                "/s",
            ),
            Line(
                f"pg{workers}_{milliseconds}_cpu",
                f"CPU per event, PostgreSQL, {_workers(workers)}, model {milliseconds} ms",
                "ms",
            ),
        )
    ),
    Line("pg_two_over_one", "two PostgreSQL workers ÷ one, model 0 ms", "", least(1.4)),
    Line("pg_two_over_one_300", "two PostgreSQL workers ÷ one, model 300 ms"),
    *(
        Line(f"pg{workers}_open_{rate}_{part}", f"open loop {rate}/s, PostgreSQL, {_workers(workers)}, {shown}", "ms")
        for workers, rate in itertools.product((1, 2), (10, 50, 150))
        for part, shown in (
            ("ack_p99", "acknowledgement p99"),
            ("e2e_p50", "end to end p50"),
            ("e2e_p95", "end to end p95"),
        )
    ),
)
NONE = most(0)
PLANS = tuple(
    Line(f"{plan}_{metric}", f"{title}: {shown}", "", limit, gates=limit is not None)
    for plan, title in (
        ("redelivery", "delivered three times"),
        ("burst", "three messages in 300 ms"),
        ("out_of_order", "later message first"),
        ("kill", "kill -9"),
    )
    for metric, shown, limit in (
        ("messages", "messages", None),
        ("doubled", "answers too many", NONE),
        ("lost", "messages not answered", NONE),
        ("wrong", "last answer not to the newest", NONE if plan != "kill" else None),
        *((("parked", "messages parked", NONE), ("count", "kills", None)) if plan == "kill" else ()),
    )
)
SAVED = (
    Line("model_calls_clear", "model calls an event, clear words"),
    Line("model_calls_unclear", "model calls an event, unclear words"),
)
BUDGETS = (*THROUGHPUT, *LATENCY, *ACKNOWLEDGEMENT, *PROTOCOL, *START, *FLAT, *KEPT, *POSTGRES, *PLANS, *SAVED)

_JUDGED = {line.metric for line in LATENCY}
SHAPES = ("1x3", "20x3", "20x1", "100x1")
MORE = (
    *(
        line
        for milliseconds, shape in itertools.product((0, 300), SHAPES)
        for line in (
            *(
                Line(f"e2e_{shape}_{milliseconds}_p{p}", f"end to end, {shape}, model {milliseconds} ms, p{p}", "ms")
                for p in (50, 95)
                if f"e2e_{shape}_{milliseconds}_p{p}" not in _JUDGED
            ),
            Line(f"rate_{shape}_{milliseconds}", f"turns/s, {shape}, model {milliseconds} ms", "/s"),
        )
    ),
    *(
        line
        for milliseconds, rate in itertools.product((0, 300), (10, 50, 150))
        for line in (
            Line(f"open_{rate}_{milliseconds}_rate", f"open loop {rate}/s, model {milliseconds} ms, turns/s", "/s"),
            Line(
                f"open_{rate}_{milliseconds}_cpu", f"open loop {rate}/s, model {milliseconds} ms, CPU per event", "ms"
            ),
            *(
                Line(
                    f"open_{rate}_{milliseconds}_{part}", f"open loop {rate}/s, model {milliseconds} ms, {shown}", "ms"
                )
                for part, shown in (
                    ("ack_p50", "acknowledgement p50"),
                    ("ack_p99", "acknowledgement p99"),
                    ("e2e_p50", "end to end p50"),
                    ("e2e_p95", "end to end p95"),
                    ("e2e_p99", "end to end p99"),
                )
            ),
        )
    ),
)

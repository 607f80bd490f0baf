"""Every rule of the checker seen red: one planted violation each, in a world that is otherwise sound."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from pipewise.storage.types import derived_id
from tests.faults.checker import Acknowledged, LeadSeen, Observed, violations

RUN, LATER_RUN = "run-1", "run-2"
KEY, LATER_KEY = derived_id(RUN, 0), derived_id(LATER_RUN, 0)


def event(id_: str, second: int, received: int, **more: str) -> dict[str, object]:
    base = {"id": id_, "external_id": f"message:wamid.{id_}", "status": "processed"}
    times = {
        "occurred_at": f"2026-11-25T12:00:{second:02}+00:00",
        "received_at": f"2026-11-25T12:01:{received:02}+00:00",
    }
    return {**base, **times, **more}


def said(id_: str) -> dict[str, object]:
    return {"id": f"in-{id_}", "direction": "in", "author": "lead", "status": "received", "external_id": f"wamid.{id_}"}


def answer(id_: str, status: str = "delivered") -> dict[str, object]:
    return {"id": id_, "direction": "out", "author": "agent", "status": status, "external_id": "x"}


def run(id_: str, started: int, *events: str, outcome: str = "committed") -> dict[str, object]:
    return {"id": id_, "outcome": outcome, "events": list(events), "started_at": f"2026-11-25T12:01:{started:02}+00:00"}


def sound() -> Observed:
    lead = LeadSeen(
        "lead",
        [said("a"), said("b"), answer(KEY), said("c"), answer(LATER_KEY, "parked")],
        [run("torn", 2, "a", outcome="superseded"), run(RUN, 10, "a", "b"), run(LATER_RUN, 20, "c")],
    )
    return Observed(
        acknowledged=[Acknowledged(f"wamid.{id_}", "351", 0) for id_ in "abc"],
        taken=[KEY, LATER_KEY],
        events=[event("a", 1, 1), event("b", 2, 2), event("c", 3, 15)],
        leads=[lead],
        bookings=["booking"],
    )


def no_event(seen: Observed) -> None:
    del seen.events[1]


def left_open(seen: Observed) -> None:
    seen.events[1]["status"] = "accepted"


def set_aside(seen: Observed) -> None:
    seen.events[1]["status"] = "ignored"


def not_in_the_transcript(seen: Observed) -> None:
    del seen.leads[0].messages[0]


def twice_in_the_transcript(seen: Observed) -> None:
    seen.leads[0].messages.insert(0, said("a"))


def sent_twice(seen: Observed) -> None:
    seen.taken.append(KEY)


def booked_twice(seen: Observed) -> None:
    seen.bookings.append("booking")


def said_sent_and_never_taken(seen: Observed) -> None:
    seen.taken.remove(KEY)


def taken_and_said_failed(seen: Observed) -> None:
    seen.leads[0].messages[2]["status"] = "failed"


def taken_and_said_canceled(seen: Observed) -> None:
    seen.leads[0].messages[2]["status"] = "canceled"


def taken_and_in_no_transcript(seen: Observed) -> None:
    seen.taken.append("nobody knows")


def still_queued(seen: Observed) -> None:
    seen.leads[0].messages[2]["status"] = "queued"


def still_sending(seen: Observed) -> None:
    seen.leads[0].messages[2]["status"] = "sending"


def second_intent(seen: Observed) -> None:
    seen.leads[0].messages.append(answer("of no turn"))
    seen.taken.append("of no turn")


def answered_in_two_turns(seen: Observed) -> None:
    seen.leads[0].runs[2]["events"].append("b")


def out_of_order_in_a_turn(seen: Observed) -> None:
    seen.leads[0].runs[1]["events"] = ["b", "a"]


def overtaken(seen: Observed) -> None:
    seen.leads[0].runs[1]["events"], seen.leads[0].runs[2]["events"] = ["b"], ["a", "c"]


def never_answered(seen: Observed) -> None:
    seen.leads[0].messages.append(said("d"))


def answer_taken_back(seen: Observed) -> None:
    seen.leads[0].messages[4]["status"] = "canceled"
    seen.taken.remove(LATER_KEY)


PLANTED: dict[Callable[[Observed], None], str] = {
    no_event: "lost",
    left_open: "unfinished",
    set_aside: "unfinished",
    not_in_the_transcript: "transcript",
    twice_in_the_transcript: "transcript",
    sent_twice: "sent twice",
    booked_twice: "booked twice",
    said_sent_and_never_taken: "untrue",
    taken_and_said_failed: "untold",
    taken_and_said_canceled: "untold",
    taken_and_in_no_transcript: "unknown",
    still_queued: "unrest",
    still_sending: "unrest",
    second_intent: "intent",
    answered_in_two_turns: "turns",
    out_of_order_in_a_turn: "order",
    overtaken: "order",
    never_answered: "unanswered",
    answer_taken_back: "unanswered",
}


def test_a_sound_history_has_no_violation() -> None:
    assert violations(sound()) == []


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_violation_is_found(plant: Callable[[Observed], None]) -> None:
    seen = deepcopy(sound())
    plant(seen)
    assert PLANTED[plant] in {breach.partition(":")[0] for breach in violations(seen)}


def test_a_dead_letter_is_shown_and_so_not_lost() -> None:
    seen = sound()
    seen.events[2]["status"] = "dead_letter"
    assert violations(seen) == []


def test_a_late_event_may_come_after_a_younger_one_that_was_answered_before_it_arrived() -> None:
    seen = sound()
    overtaken(seen)
    seen.events[0]["received_at"] = "2026-11-25T12:01:12+00:00"
    assert violations(seen) == []


def test_more_parked_than_allowed_is_a_violation() -> None:
    assert violations(sound(), most_parked=0.5) == []
    assert "1 of 2 messages are parked" in violations(sound(), most_parked=0.4)[0]
    assert violations(sound(), most_parked=0.4, doubts=1) == []


def test_a_turn_that_took_long_may_say_once_that_an_answer_is_coming() -> None:
    seen, holding = sound(), derived_id("holding", "c")
    seen.taken.append(holding)
    seen.leads[0].messages.insert(-1, answer(holding))
    assert violations(seen) == []
    seen.leads[0].messages.insert(-1, answer(holding))
    assert violations(seen) == [f"intent: {holding} of lead lead is there 2 times, or of no committed turn"]

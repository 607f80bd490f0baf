"""The summary of what a conversation's window no longer holds: bounded, by rule, nothing that was not said or done."""

from typing import Any

import pytest

from pipewise.conversation_summary import (
    LONGEST,
    Summary,
    empty_summary,
    note_decision,
    note_told,
    render_summary,
    take_in,
)

OFFER = {"kind": "offer", "slots": [{"label": "Tue 10:00"}, {"label": "Wed 11:00"}]}


def said(*texts: str, summary: Summary | None = None) -> Summary:
    return take_in(summary or empty_summary(), [(f"m{number}", text) for number, text in enumerate(texts)])


def test_nothing_is_told_before_anything_is_past() -> None:
    assert render_summary(None) == ""
    assert render_summary(note_decision(empty_summary(), OFFER)) == ""


def test_the_first_words_the_newest_and_the_facts_between_stay() -> None:
    told = render_summary(said("hello there", "we are 40 people", *(f"question {number}" for number in range(30))))
    assert "hello there" in told
    assert "40 people" in told
    assert "question 28; question 29" in told
    assert "question 7;" not in told


def test_the_newest_statement_of_a_fact_stands() -> None:
    assert said("we are 40 people", "sorry, we are 60 people")["facts"]["company_size"] == "60 people"


def test_what_was_taken_in_is_not_taken_in_again() -> None:
    once = said("hello there", "how much?")
    assert said("hello there", "how much?", summary=once) == once
    more = said("hello there", "how much?", "and then?", summary=once)
    assert more["said"] == ["hello there", "how much?", "and then?"]
    moved_on = take_in(more, [("m9", "after the window moved on"), ("m10", None)])
    assert (moved_on["said"][-1], moved_on["until"]) == ("after the window moved on", "m10")


def test_our_own_words_are_left_out() -> None:
    summary = take_in(empty_summary(), [("m1", None), ("m2", "  ")])
    assert (summary["said"], summary["until"], render_summary(summary)) == ([], "m2", "")


def test_a_newer_offer_takes_the_place_of_the_older_and_bookings_stay() -> None:
    summary = empty_summary()
    booked = {"kind": "booked", "when": "Tuesday 10:00", "timezone_label": "Lisbon"}
    other = {"kind": "offer", "slots": [{"label": "Fri 9:00"}]}
    link, none = {"kind": "link"}, {"kind": "refused"}
    for outcome in (OFFER, booked, booked, other, link, none, None):
        summary = note_decision(summary, outcome)
    assert summary["decisions"] == ["booked Tuesday 10:00 Lisbon", "offered Fri 9:00", "gave a link to book by"]
    for when in ("Monday 9:00", "Tuesday 9:00"):
        summary = note_decision(summary, {"kind": "need", "when": when})
    summary = note_decision(summary, {"kind": "fallback"})
    assert summary["decisions"] == [
        "booked Tuesday 10:00 Lisbon",
        "the lead chose Tuesday 9:00",
        "could not offer times",
    ]


@pytest.mark.parametrize("kind", ["uncertain", "change"])
def test_what_concerns_a_meeting_names_its_time(kind: str) -> None:
    summary = note_decision(empty_summary(), {"kind": kind, "when": "Tuesday 10:00"})
    assert "Tuesday 10:00" in summary["decisions"][0]


def test_it_has_a_bound_whatever_was_said() -> None:
    long = "We need x. Our budget is 5000 euros. We are 40 people. I decide. We start in January. " + "word " * 400
    summary: Any = said(*(f"{number} {long}" for number in range(50)))
    for number in range(10):
        summary = note_decision(summary, {"kind": "offer", "slots": [{"label": f"{number}" * 500}]})
    assert 0 < len(render_summary(summary)) <= LONGEST
    assert len(str(summary)) < LONGEST * 2


def test_what_colleagues_promised_is_kept_and_told() -> None:
    summary = note_told(empty_summary(), ["I will call you on Tuesday.", "  Ten percent\noff, promised. "])
    assert "A colleague told the lead: I will call you on Tuesday.; Ten percent off, promised." in render_summary(
        summary
    )
    summary = take_in(note_decision(summary, {"kind": "fallback"}), [("m1", "thanks")])
    assert summary["told"] == ["I will call you on Tuesday.", "Ten percent off, promised."]


def test_only_the_newest_promises_are_kept_and_none_is_long() -> None:
    summary = note_told(empty_summary(), [f"{number} " + "word " * 400 for number in range(5)])
    assert [line[0] for line in summary["told"]] == ["3", "4"]
    assert len(render_summary(summary)) <= LONGEST
    assert note_told(summary, []) is summary

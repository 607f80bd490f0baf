"""The scenarios and their judge: each breach is planted once and has to be found."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evals.near_duplicates import Kept
from evals.scenarios.judge import breaches, strays
from evals.scenarios.lead import Line
from evals.scenarios.phrases import load_phrases
from evals.scenarios.run import Verdict, report, write_failures
from evals.scenarios.script import LANGUAGES, Goal, Scenario, Style, build_scenarios
from evals.write_intents import WRITTEN

FEW_WORDS = 4  # nobody can put "yes" or "option 2" in words of their own
START = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
OFFER = "These are free (Europe/London, UTC+0):\n1. Fri 27 Nov, 10:00\n2. Fri 27 Nov, 10:30"
SCENARIO = Scenario(1, Goal.BOOK, "en", Style.WORD)
BOOKED = [{"event": {"start_time": START.isoformat(), "status": "active"}}]


def talk(*lines: str) -> list[Line]:
    """Lines in turn, the lead's first; an empty one is left out."""
    at = START - timedelta(days=1)
    told = [Line("lead" if place % 2 == 0 else "agent", text, at) for place, text in enumerate(lines)]
    return [line for line in told if line.text]


def found(lines: list[Line], *, bookings: Sequence[Any] = (), goal: Goal = Goal.BOOK) -> list[str]:
    free = [START, START + timedelta(minutes=30)]
    return list(breaches(free, dataclasses.replace(SCENARIO, goal=goal), lines, list(bookings)))


def test_a_sound_conversation_breaks_nothing() -> None:
    lines = talk("a call please", OFFER, "1", f"You're booked: Fri 27 Nov, 10:00. It goes to {SCENARIO.email}.")
    assert found(lines, bookings=BOOKED) == []


@pytest.mark.parametrize(
    ("said", "breach"),
    [
        ("Fri 27 Nov, 11:00 is free.", "never free"),
        ("Sat 28 Nov, 10:00 is free.", "never free"),
        ("You're booked for Fri 27 Nov, 10:00.", "claimed"),
        ("Su reunión ha quedado reservada.", "claimed"),
        ("Which day suits you? Which time?", "two questions"),
        ("I've sent it to someone@else.example.", "somebody else"),
        ("I told your colleague at +44 7911 999 888.", "somebody else"),
    ],
)
def test_each_breach_is_found(said: str, breach: str) -> None:
    (problem,) = found(talk("a call please", said))
    assert breach in problem


def test_a_booking_that_is_claimed_for_another_time_is_found() -> None:
    (problem,) = found(talk("1", "You're booked: Fri 27 Nov, 10:30."), bookings=BOOKED)
    assert "another time" in problem


def test_a_message_outside_the_window_is_found() -> None:
    asked, late = talk("a call please", "Which day suits you?")
    assert found([asked, dataclasses.replace(late, at=asked.at + timedelta(hours=24))]) == []
    (problem,) = found([asked, dataclasses.replace(late, at=asked.at + timedelta(hours=24, seconds=1))])
    assert "outside the window" in problem


def test_a_message_before_the_lead_wrote_is_found() -> None:
    (asked, answer) = talk("a call please", "Which day suits you?")
    assert any("outside the window" in problem for problem in found([answer, asked]))


def test_a_message_to_somebody_else_is_found() -> None:
    sends = [{"detail": {"to": SCENARIO.phone}}, {"detail": {"to": "+447911000000"}}]
    assert list(strays(sends, {SCENARIO.phone})) == ["a message to somebody else: 447911000000"]


def test_a_conversation_that_failed_can_be_lived_again(tmp_path: Path) -> None:
    failed = Verdict(dataclasses.replace(SCENARIO, trial=2), ("no meeting",), (), tuple(talk("hi", OFFER)))
    held = Verdict(SCENARIO, (), (), ())
    write_failures([held, failed], tmp_path / "failures.jsonl")
    (line,) = (tmp_path / "failures.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert [one["text"] for one in told["transcript"]] == ["hi", OFFER]
    assert told["again"].endswith(f"--only {SCENARIO.name} --trials 3")
    assert failed.scenario.rng().random() == dataclasses.replace(SCENARIO, trial=2).rng().random()


def test_more_answers_than_messages_are_found() -> None:
    assert "2 answers to 1 messages" in found(talk("a call please", OFFER, "", "Still there."))


@pytest.mark.parametrize("goal", [Goal.OPT_OUT, Goal.HUMAN])
def test_an_agent_that_goes_on_is_found(goal: Goal) -> None:
    lines = talk("leave me alone", "Understood.", "thanks", "By the way, we have an offer.")
    assert f"the agent went on after {goal}" in found(lines, goal=goal)


def test_there_are_enough_scenarios_and_nobody_shares_a_phone() -> None:
    scenarios = [dataclasses.replace(one, trial=trial) for one in build_scenarios() for trial in range(4)]
    assert len(scenarios) >= 800
    assert len({one.phone for one in scenarios}) == len(scenarios)
    assert {one.goal for one in scenarios} == set(Goal)


def test_every_language_can_say_everything() -> None:
    phrases = load_phrases()
    assert set(phrases) == set(LANGUAGES)
    assert len({frozenset(acts) for acts in phrases.values()}) == 1
    assert all(variants for acts in phrases.values() for variants in acts.values())


def test_a_scenario_holds_as_a_whole_only_if_every_trial_does() -> None:
    held = Verdict(SCENARIO, (), (), ())
    failed = Verdict(dataclasses.replace(SCENARIO, trial=1), (), ("two questions",), ())
    told = report([held, failed])
    assert (told.figures["pass_1"], told.figures["pass_all"], told.figures["violations"]) == (0.5, 0.0, 1)
    assert not told.holds


def test_what_simulated_leads_say_is_in_no_training_message() -> None:
    trained = Kept()
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        trained.keep(json.loads(line)["text"])
    said = [text for acts in load_phrases().values() for variants in acts.values() for text in variants]
    near = [text for text in said if "{" not in text and len(text.split()) >= FEW_WORDS and trained.is_near(text)]
    assert near == []

"""The score of a lead: the same facts and rules give the same points, reasons and verdict."""

from typing import Any

import pytest

from pipewise.language.qualification import Fact
from pipewise.leads import Status, steps_to
from pipewise.qualification import MOST_HISTORY, merge_facts, next_item, rate
from pipewise.qualification_rules import Qualification

OWN = Qualification.model_validate(
    {
        "checklist": [
            {"key": "need", "question": "What?", "weight": 40, "required": True},
            {
                "key": "plan",
                "question": "Which plan?",
                "weight": 40,
                "kind": "choice",
                "options": [{"value": "Team", "points": 50}, {"value": "Enterprise"}],
            },
            {"key": "budget", "question": "How much?", "weight": 20, "kind": "amount", "at_least": 500.0},
        ],
        "thresholds": {"qualified": 60, "unqualified": 30},
    },
    strict=False,
)


def known(**values: str) -> dict[str, Any]:
    return {key: {"value": value, "quote": value, "message_id": "m", "at": "t"} for key, value in values.items()}


def test_points_come_with_their_reasons() -> None:
    score = rate(OWN, known(need="x", plan="Team", budget="300 EUR per month"))
    assert (score.points, score.verdict) == (60, "qualified")
    assert [(reason.key, reason.points, reason.because) for reason in score.reasons] == [
        ("need", 40, "x"),
        ("plan", 20, "Team"),
        ("budget", 0, "300 EUR per month: less than 500"),
    ]
    assert score.sentence() == "score 60: need 40, plan 20"
    assert rate(OWN, known(plan="Gone")).reasons[1].because == "Gone: no longer an option"


def test_a_required_answer_is_asked_for_even_if_the_score_is_high_enough() -> None:
    facts = known(plan="Enterprise", budget="900")
    assert (rate(OWN, facts).points, rate(OWN, facts).verdict) == (60, None)
    item = next_item(OWN, facts, [])
    assert item is not None
    assert item.key == "need"


def test_nobody_is_turned_down_before_everything_was_asked() -> None:
    assert rate(OWN, known(budget="900"), ["need"]).verdict is None
    assert rate(OWN, known(budget="900"), ["need", "plan"]).verdict == "unqualified"
    assert rate(OWN, known(need="x"), ["plan", "budget"]).verdict is None


def test_by_default_nobody_is_turned_down_by_the_score() -> None:
    rules = Qualification()
    assert rate(rules, {}, [item.key for item in rules.checklist]).verdict is None
    assert rate(rules, known(need="x", timeline="soon")).verdict == "qualified"


def test_an_empty_checklist_asks_and_decides_nothing() -> None:
    rules = Qualification(checklist=())
    assert (next_item(rules, {}, []), rate(rules, {}).verdict) == (None, None)


def test_the_newest_statement_stands_and_the_history_has_a_bound() -> None:
    facts: dict[str, Any] = {}
    for number in range(30):
        facts = merge_facts(facts, [Fact("company_size", str(number), "q")], f"m{number}", "t")
    assert (facts["company_size"]["value"], facts["company_size"]["message_id"]) == ("29", "m29")
    assert [old["value"] for old in facts["company_size"]["history"]] == [str(n) for n in range(29 - MOST_HISTORY, 29)]
    assert merge_facts(facts, [Fact("company_size", "29", "other words")], "m30", "t") == facts


@pytest.mark.parametrize(
    ("current", "target", "steps"),
    [
        (Status.NEW, Status.QUALIFIED, ["contacted", "qualifying", "qualified"]),
        (Status.CONTACTED, Status.UNQUALIFIED, ["qualifying", "unqualified"]),
        (Status.QUALIFYING, Status.QUALIFIED, ["qualified"]),
        (Status.NEW, Status.QUALIFYING, ["contacted", "qualifying"]),
        (Status.QUALIFYING, Status.QUALIFYING, []),
        (Status.QUALIFIED, Status.UNQUALIFIED, []),
        (Status.MEETING_OFFERED, Status.QUALIFIED, []),
        (Status.NEW, Status.MEETING_HELD, []),
        (Status.NEW, Status.HANDED_OFF, ["handed_off"]),
    ],
)
def test_a_turn_takes_every_step_between(current: Status, target: Status, steps: list[str]) -> None:
    assert list(steps_to(current, target)) == steps

"""Which scenarios a run takes."""

import pytest

from bench.plan import SCENARIOS, of_round, select


def test_all_unless_some_are_named() -> None:
    assert select(None) == SCENARIOS


def test_named_ones_keep_the_order_of_the_plan() -> None:
    assert [scenario.name for scenario in select("kill, start")] == ["start", "kill"]


@pytest.mark.parametrize("names", ["", ",", "start,no-such"])
def test_a_name_that_is_none_is_refused(names: str) -> None:
    with pytest.raises(ValueError, match="--list"):
        select(names)


def test_what_takes_minutes_runs_in_the_first_round_only() -> None:
    assert of_round(SCENARIOS, 0) == list(SCENARIOS)
    assert {scenario.every_round for scenario in of_round(SCENARIOS, 1)} == {True}


def test_names_are_given_once() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(names) == len(set(names))

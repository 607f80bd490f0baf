"""Which times a nudge repeats: those that are still free, and the nearest in place of the others."""

from datetime import timedelta

from pipewise.nudge_offers import still_free
from pipewise.scheduling import Slot
from tests.fakes import NOON

WANTED = [NOON + timedelta(hours=hours) for hours in (1, 3, 5)]


def slots(*hours: int) -> list[Slot]:
    starts = [NOON + timedelta(hours=hour) for hour in hours]
    return [Slot(start, start.isoformat(), "type") for start in starts]


def hours_of(*free: int) -> list[int]:
    return [(slot.start - NOON) // timedelta(hours=1) for slot in still_free(WANTED, slots(*free))]


def test_all_that_is_still_free_stays() -> None:
    assert hours_of(1, 2, 3, 4, 5) == [1, 3, 5]


def test_each_that_is_gone_is_replaced_by_the_nearest() -> None:
    assert hours_of(1, 4, 5, 9) == [1, 4, 5]
    assert hours_of(8, 9, 10) == [8, 9, 10]


def test_fewer_are_told_where_fewer_are_free() -> None:
    assert hours_of(2) == [2]
    assert hours_of() == []

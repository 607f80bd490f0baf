"""Messages follow each other no faster than the platform allows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipewise.pacer import MOST_PAIRS, PairPacer
from pipewise.platforms.base import ItemLimits, MessagingLimits
from pipewise.platforms.instagram.client import InstagramMessenger
from tests.fakes import NOON, FixedClock

LIMITS = MessagingLimits(text=100, window=None, pair_interval=6.0, pair_burst=3, account_per_second=4.0)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def pacer(clock: FixedClock) -> PairPacer:
    return PairPacer(clock)


def test_a_person_gets_a_burst_then_the_long_run_rate(pacer: PairPacer, clock: FixedClock) -> None:
    assert [pacer.wait("i", "ana", LIMITS) for _ in range(3)] == [0, 0, 0]
    assert pacer.wait("i", "ana", LIMITS) == 18
    clock.advance(17)
    assert pacer.wait("i", "ana", LIMITS) == 1
    clock.advance(1)
    assert pacer.wait("i", "ana", LIMITS) == 0


def test_over_an_hour_no_window_holds_more_than_its_share(pacer: PairPacer, clock: FixedClock) -> None:
    sent = []
    for _ in range(3600):
        if pacer.wait("i", "ana", LIMITS) == 0:
            sent.append(clock.monotonic())
        clock.advance(1)
    assert len(sent) == 600
    assert all(sum(0 <= other - first < 18 for other in sent) <= 3 for first in sent)


def test_people_do_not_wait_for_each_other_but_share_the_account(pacer: PairPacer, clock: FixedClock) -> None:
    assert [pacer.wait("i", f"lead {number}", LIMITS) for number in range(5)] == [0, 0, 0, 0, 1]
    assert pacer.wait("other", "lead 5", LIMITS) == 0
    clock.advance(1)
    assert pacer.wait("i", "lead 4", LIMITS) == 0


def test_a_refused_place_is_not_taken(pacer: PairPacer, clock: FixedClock) -> None:
    for number in range(4):
        pacer.wait("i", f"lead {number}", LIMITS)
    for _ in range(10):
        assert pacer.wait("i", "late", LIMITS) == 1
    clock.advance(1)
    assert [pacer.wait("i", "late", LIMITS) for _ in range(3)] == [0, 0, 0]


def test_a_clock_that_went_back_holds_nobody_up(pacer: PairPacer, clock: FixedClock) -> None:
    for _ in range(3):
        pacer.wait("i", "ana", LIMITS)
    clock.jump(NOON - timedelta(days=365))
    assert pacer.wait("i", "ana", LIMITS) == 0


def test_people_who_are_quiet_are_forgotten(pacer: PairPacer, clock: FixedClock) -> None:
    generous = MessagingLimits(text=1, window=None, pair_interval=6.0, pair_burst=3, account_per_second=1e9)
    for number in range(MOST_PAIRS + 1):
        pacer.wait("i", str(number), generous)
    clock.advance(60)
    pacer.wait("i", "new", generous)
    assert len(pacer._pairs) == 1


def test_an_account_keeps_to_its_longer_windows(pacer: PairPacer, clock: FixedClock) -> None:
    limits = MessagingLimits(
        text=100,
        window=None,
        pair_interval=0.0,
        pair_burst=100,
        account_per_second=100.0,
        account_windows=((2, 900.0), (3, 86_400.0)),
    )
    assert [pacer.wait("x", person, limits) for person in ("ana", "bo", "eve")] == [0, 0, 900]
    assert pacer.wait("y", "ana", limits) == 0
    clock.advance(900)
    assert pacer.wait("x", "eve", limits) == 0
    assert pacer.wait("x", "ana", limits) == 86_400 - 900


def test_answers_to_comments_have_a_window_of_their_own(pacer: PairPacer) -> None:
    """Instagram: 750 private replies an hour; X: 100 posts in 15 minutes, 15 direct messages."""
    limits = replace(LIMITS, account_per_second=1000.0, account_windows=((2, 900.0),))
    limits = replace(limits, items=ItemLimits(account_windows=((3, 3600.0),)))
    assert [pacer.wait("i", f"comment:{n}", limits, public=True) for n in range(4)] == [0, 0, 0, 3600]
    assert [pacer.wait("i", f"{n}", limits) for n in range(3)] == [0, 0, 900]
    assert pacer.wait("other", "comment:9", limits, public=True) == 0
    assert InstagramMessenger.limits.items
    assert InstagramMessenger.limits.items.account_windows == ((750, 3600.0),)

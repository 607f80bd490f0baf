"""The booking budget: ten a minute, fifty an hour, a hundred a day."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipewise.platforms.calendly.quota import WINDOWS, BookingQuota
from tests.fakes import NOON, FixedClock


def test_the_eleventh_in_a_minute_waits_for_the_first_to_leave(clock: FixedClock) -> None:
    quota = BookingQuota(clock)
    for _ in range(10):
        assert quota.take() is None
        clock.advance(1)
    assert quota.take() == 50.0
    clock.advance(50)
    assert quota.take() is None


def test_the_hour_and_the_day_bind_too(clock: FixedClock) -> None:
    quota = BookingQuota(clock)
    for _ in range(50):
        assert quota.take() is None
        clock.advance(6)
    assert quota.take() == 3300.0
    clock.advance(3300)
    for _ in range(50):
        assert quota.take() is None
        clock.advance(6)
    wait = quota.take()
    assert wait is not None
    assert wait == 86_400 - 3900


def test_a_refused_try_does_not_lengthen_the_wait(clock: FixedClock) -> None:
    quota = BookingQuota(clock, ((60.0, 1),))
    assert [quota.take() for _ in range(3)] == [None, 60.0, 60.0]


def test_a_pause_ends_and_a_clock_set_back_forgets_the_future(clock: FixedClock) -> None:
    quota = BookingQuota(clock, ((60.0, 1),))
    assert quota.take() is None
    quota.pause(7200)
    assert quota.take() == 7200.0
    clock.jump(NOON - timedelta(days=400))
    assert quota.take() is None


@given(st.lists(st.floats(0, 900, allow_nan=False), max_size=250))
def test_no_window_is_ever_overdrawn(steps: list[float]) -> None:
    clock = FixedClock()
    quota, taken = BookingQuota(clock), []
    for step in steps:
        clock.advance(step)
        if quota.take() is None:
            taken.append(clock.now().timestamp())
    for seconds, limit in WINDOWS:
        for moment in taken:
            assert sum(moment - seconds < other <= moment for other in taken) <= limit

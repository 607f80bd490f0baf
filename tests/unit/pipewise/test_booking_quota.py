"""The booking budget: ten a minute, fifty an hour, a hundred a day."""

from hypothesis import given
from hypothesis import strategies as st

from pipewise.booking_quota import WINDOWS, bookings_left, recent, wait_for


def filled(count: int, step: float) -> list[float]:
    tries: list[float] = []
    for _ in range(count):
        moment = (tries[-1] if tries else 0.0) + step
        moment += wait_for(tries, moment)
        tries.append(moment)
    return tries


def test_the_eleventh_in_a_minute_waits_for_the_first_to_leave() -> None:
    tries = [float(second) for second in range(10)]
    assert wait_for(tries, 10.0) == 50.0
    assert wait_for(tries, 60.0) == 0.0


def test_the_hour_and_the_day_bind_too() -> None:
    tries = filled(50, 6.0)
    assert wait_for(tries, tries[-1]) == tries[0] + 3600 - tries[-1]
    tries = filled(100, 40.0)
    assert wait_for(tries, tries[-1] + 3600) == tries[0] + 86_400 - tries[-1] - 3600


def test_a_clock_set_back_forgets_the_future() -> None:
    assert recent([100.0, 200.0], 150.0) == [100.0]
    assert recent([100.0], 100.0 + 86_400) == []


def test_what_is_left_of_each_window() -> None:
    left = bookings_left([0.0, 3000.0, 3590.0], 3599.0)["bookings"]
    assert [one["left"] for one in left] == [9, 47, 97]


@given(st.lists(st.floats(0, 900, allow_nan=False), max_size=250))
def test_no_window_is_ever_overdrawn(steps: list[float]) -> None:
    taken: list[float] = []
    now = 0.0
    for step in steps:
        now += step
        if not wait_for(taken, now):
            taken.append(now)
    for seconds, limit in WINDOWS:
        for moment in taken:
            assert sum(moment - seconds < other <= moment for other in taken) <= limit

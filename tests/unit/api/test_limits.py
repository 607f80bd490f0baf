"""Token buckets."""

from datetime import timedelta

import pytest

from api.auth import REQUESTS_AT_ONCE, REQUESTS_PER_SECOND
from api.limits import MOST_CALLERS, RateLimit, TooManyRequests
from tests.fakes import FixedClock


def test_a_burst_and_then_the_rate() -> None:
    clock = FixedClock()
    limit = RateLimit(clock, rate=2, burst=3)
    for _ in range(3):
        limit.take("a")
    with pytest.raises(TooManyRequests) as refused:
        limit.take("a")
    assert refused.value.status == 429
    assert refused.value.retry_after == 1.0
    clock.advance(0.5)
    limit.take("a")
    with pytest.raises(TooManyRequests):
        limit.take("a")
    clock.advance(60)
    for _ in range(3):
        limit.take("a")
    with pytest.raises(TooManyRequests):
        limit.take("a")


def test_callers_do_not_share_and_the_memory_is_bounded() -> None:
    limit = RateLimit(FixedClock(), rate=1, burst=1)
    for number in range(MOST_CALLERS + 10):
        limit.take(str(number))
    assert len(limit._buckets) == MOST_CALLERS
    with pytest.raises(TooManyRequests):
        limit.take(str(MOST_CALLERS + 9))


def test_a_hundred_requests_a_second_are_never_refused() -> None:
    clock = FixedClock()
    limit = RateLimit(clock, rate=REQUESTS_PER_SECOND, burst=REQUESTS_AT_ONCE)
    for _ in range(3000):
        limit.take("token")
        clock.advance(0.01)


def test_the_wall_clock_counts_and_set_back_it_stands_still() -> None:
    clock = FixedClock()
    limit = RateLimit(clock, rate=1 / 60, burst=1)
    limit.take("a")
    clock.jump(clock.now() - timedelta(days=400))
    with pytest.raises(TooManyRequests) as refused:
        limit.take("a")
    assert refused.value.retry_after is not None
    assert refused.value.retry_after <= 60
    clock.jump(clock.now() + timedelta(seconds=61))
    limit.take("a")
    clock.jump(clock.now() + timedelta(days=800))
    limit.take("a")
    with pytest.raises(TooManyRequests):
        limit.take("a")


def test_what_did_not_count_is_given_back_and_no_more() -> None:
    limit = RateLimit(FixedClock(), rate=1 / 60, burst=2)
    for _ in range(10):
        limit.take("a")
        limit.give_back("a")
    limit.give_back("a")
    limit.take("a")
    limit.take("a")
    with pytest.raises(TooManyRequests):
        limit.take("a")

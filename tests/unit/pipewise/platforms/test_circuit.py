"""The circuit breaker around a vendor."""

import random
from datetime import timedelta

import pytest

from pipewise.circuit import FAILURES_TO_OPEN, OPEN_SECONDS, SUCCESSES_TO_CLOSE, Circuit
from tests.fakes import FixedClock

PAST_JITTER = OPEN_SECONDS * 1.1 + 0.1


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def circuit(clock: FixedClock) -> Circuit:
    return Circuit(clock, random.Random(7))


def fail(circuit: Circuit, times: int = FAILURES_TO_OPEN) -> None:
    for _ in range(times):
        circuit.record_failure()


def test_it_is_closed_until_enough_failures_come_in_a_short_time(circuit: Circuit) -> None:
    fail(circuit, FAILURES_TO_OPEN - 1)
    assert circuit.state == "closed"
    assert circuit.admit()
    assert circuit.retry_after() == 0.0
    fail(circuit, 1)
    assert circuit.state == "open"
    assert not circuit.admit()


def test_failures_spread_over_a_long_time_do_not_open_it(circuit: Circuit, clock: FixedClock) -> None:
    for _ in range(5 * FAILURES_TO_OPEN):
        fail(circuit, 1)
        clock.advance(4)
    assert circuit.state == "closed"


def test_a_success_forgets_earlier_failures(circuit: Circuit) -> None:
    fail(circuit, FAILURES_TO_OPEN - 1)
    circuit.record_success()
    fail(circuit, FAILURES_TO_OPEN - 1)
    assert circuit.state == "closed"


def test_it_opens_for_its_time_with_some_jitter(circuit: Circuit, clock: FixedClock) -> None:
    fail(circuit)
    assert OPEN_SECONDS <= circuit.retry_after() <= OPEN_SECONDS * 1.1
    clock.advance(OPEN_SECONDS - 0.1)
    assert not circuit.admit()
    clock.advance(PAST_JITTER - OPEN_SECONDS + 0.1)
    assert circuit.state == "half_open"
    assert circuit.retry_after() == 0.0


def test_half_open_it_admits_one_probe_at_a_time(circuit: Circuit, clock: FixedClock) -> None:
    fail(circuit)
    clock.advance(PAST_JITTER)
    assert circuit.admit()
    assert not circuit.admit()
    circuit.record_success()
    assert circuit.admit()


def test_it_closes_after_enough_good_probes(circuit: Circuit, clock: FixedClock) -> None:
    fail(circuit)
    clock.advance(PAST_JITTER)
    for _ in range(SUCCESSES_TO_CLOSE):
        assert circuit.state == "half_open"
        assert circuit.admit()
        circuit.record_success()
    assert circuit.state == "closed"
    fail(circuit, FAILURES_TO_OPEN - 1)
    assert circuit.state == "closed", "failures before the closing still count"


def test_a_bad_probe_opens_it_again_and_good_ones_start_over(circuit: Circuit, clock: FixedClock) -> None:
    fail(circuit)
    clock.advance(PAST_JITTER)
    circuit.admit()
    circuit.record_success()
    circuit.admit()
    circuit.record_failure()
    assert circuit.state == "open"
    clock.advance(PAST_JITTER)
    circuit.admit()
    circuit.record_success()
    assert circuit.state == "half_open"


def test_an_abandoned_probe_makes_room_for_the_next(circuit: Circuit, clock: FixedClock) -> None:
    fail(circuit)
    clock.advance(PAST_JITTER)
    assert circuit.admit()
    circuit.abandon()
    assert circuit.state == "half_open"
    assert circuit.admit()


def test_a_clock_set_back_does_not_open_it_early(circuit: Circuit, clock: FixedClock) -> None:
    fail(circuit, FAILURES_TO_OPEN - 1)
    clock.jump(clock.now() - timedelta(days=400))
    fail(circuit, 1)
    assert circuit.state == "closed"

"""One clock, one fake Calendly and a client between them."""

import pytest

from pipewise.platforms.calendly.client import CalendlyClient
from tests.fakes import FixedClock
from tests.unit.pipewise.platforms.calendly.vendor import FakeCalendly, make_client


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def vendor() -> FakeCalendly:
    return FakeCalendly()


@pytest.fixture
def client(vendor: FakeCalendly, clock: FixedClock) -> CalendlyClient:
    return make_client(vendor, clock)

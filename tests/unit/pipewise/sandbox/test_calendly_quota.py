"""The booking budget in its three windows, and finding a booking again after an unknown outcome."""

import pytest

from tests.unit.pipewise.sandbox.world import Sandbox


@pytest.mark.parametrize(("wait", "allowed", "limit"), [(0, 10, "10"), (7, 50, "50"), (75, 100, "100")])
async def test_the_booking_budget_has_three_windows(sandbox: Sandbox, wait: float, allowed: int, limit: str) -> None:
    """Ten a minute, fifty an hour, a hundred a day; refused bookings count as well."""
    request = {"event_type": "https://api.calendly.com/event_types/nope"}
    statuses = []
    for _ in range(allowed + 1):
        answer = await sandbox.calendly("POST", "/invitees", json=request)
        statuses.append(answer.status_code)
        sandbox.clock.advance(wait)
    assert statuses == [404] * allowed + [429]
    assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == (limit, "0")
    assert int(answer.headers["x-ratelimit-reset"]) > 0
    sandbox.clock.advance(int(answer.headers["x-ratelimit-reset"]))
    assert (await sandbox.calendly("POST", "/invitees", json=request)).status_code == 404


async def test_a_trial_books_five_a_day(sandbox: Sandbox) -> None:
    await sandbox.http.post("/_sandbox/calendly/accounts", json={"plan": "trial"})
    statuses = [(await sandbox.calendly("POST", "/invitees", json={})).status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]


async def test_events_are_found_by_the_filters_a_client_reconciles_with(sandbox: Sandbox) -> None:
    booked = (await sandbox.book()).json()["resource"]
    user = (await sandbox.me())["uri"]

    async def found(**query: str) -> int:
        answer = await sandbox.calendly("GET", "/scheduled_events", params={"user": user, **query})
        return len(answer.json()["collection"])

    window = {"min_start_time": "2026-03-02T14:00:00Z", "max_start_time": "2026-03-02T14:00:00Z"}
    assert await found(invitee_email="AINO@customer.example", status="active", **window) == 1
    assert await found(invitee_email="other@customer.example") == 0
    assert await found(min_start_time="2026-03-02T14:00:01Z") == 0
    assert await found(status="canceled") == 0
    invitees = (await sandbox.calendly("GET", booked["event"] + "/invitees")).json()["collection"]
    assert invitees == [booked]
    assert (await sandbox.calendly("GET", booked["uri"])).json()["resource"] == booked
    assert (await sandbox.calendly("GET", booked["event"] + "/invitees/nope")).status_code == 404

"""The X client against recorded answers."""

from typing import Any

import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from tests.contract.cassettes import replayed
from tests.contract.scenarios.x import RECORDINGS

pytestmark = pytest.mark.disable_socket


async def replay(name: str) -> Any:
    async with replayed(RECORDINGS, name) as (result, _):
        return result


def known(error: PlatformError) -> tuple[type[PlatformError], str | None, Outcome]:
    return type(error), error.vendor_code, error.outcome


async def test_direct_messages_are_taken() -> None:
    receipts = await replay("answer_a_lead")
    assert len({receipt.vendor_id for receipt in receipts}) == 2


async def test_only_a_summoned_post_is_answered() -> None:
    receipt, refused = await replay("answer_posts")
    assert receipt.vendor_id
    assert [known(error) for error in refused] == [
        (Rejected, "forbidden", Outcome.REFUSED),
        (Rejected, "not_found", Outcome.REFUSED),
        (Rejected, "forbidden", Outcome.REFUSED),
    ]


async def test_closed_messages_and_nobody_are_refused() -> None:
    assert [known(error) for error in await replay("write_to_closed_messages_and_to_nobody")] == [
        (Rejected, "forbidden", Outcome.REFUSED),
        (Rejected, "not_found", Outcome.REFUSED),
    ]


async def test_a_used_up_window_tells_when_it_opens() -> None:
    error = await replay("write_too_much")
    assert known(error) == (RateLimited, "rate_limited", Outcome.REFUSED)
    assert error.retry_after == 901.0


async def test_an_account_is_checked() -> None:
    healthy, wrong = await replay("check_the_account")
    assert [(check.name, check.ok) for check in healthy] == [("token", True), ("account", True)]
    assert [check.name for check in wrong if not check.ok] == ["account"]


async def test_a_dead_token_asks_for_a_person() -> None:
    error, checks = await replay("use_a_dead_token")
    assert known(error) == (AuthFailed, "unauthorized", Outcome.REFUSED)
    assert [(check.name, check.ok) for check in checks] == [("token", False)]


@pytest.mark.parametrize(
    ("name", "kind", "code", "outcome"),
    [
        ("asked_to_slow_down", RateLimited, "rate_limited", Outcome.REFUSED),
        ("fails_at_the_vendor", Unavailable, "unavailable", Outcome.UNKNOWN),
        ("answered_with_garbage", Unavailable, None, Outcome.UNKNOWN),
        ("answered_with_nothing", Unavailable, None, Outcome.UNKNOWN),
        ("not_enrolled", AuthFailed, "client_forbidden", Outcome.REFUSED),
        ("credits_used_up", Rejected, "credits_depleted", Outcome.REFUSED),
    ],
)
async def test_a_failed_send_says_what_is_known(
    name: str, kind: type[PlatformError], code: str | None, outcome: Outcome
) -> None:
    assert known(await replay(name)) == (kind, code, outcome)


async def test_the_vendor_s_pause_is_told() -> None:
    assert (await replay("asked_to_slow_down")).retry_after == 20.0

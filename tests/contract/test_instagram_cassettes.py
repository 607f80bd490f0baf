"""The Instagram client against recorded answers."""

from typing import Any

import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.events import SendReceipt
from tests.contract.cassettes import replayed
from tests.contract.scenarios.instagram import LEAD, RECORDINGS

pytestmark = pytest.mark.disable_socket


async def replay(name: str) -> Any:
    async with replayed(RECORDINGS, name) as (result, _):
        return result


def known(error: PlatformError) -> tuple[type[PlatformError], str | None, Outcome]:
    return type(error), error.vendor_code, error.outcome


async def test_every_kind_of_message_is_taken() -> None:
    receipts = await replay("answer_a_lead")
    assert all(isinstance(receipt, SendReceipt) and receipt.recipient == LEAD for receipt in receipts)
    assert len({receipt.vendor_id for receipt in receipts}) == len(receipts) == 5


async def test_a_comment_is_answered_once_and_opens_no_conversation() -> None:
    receipt, again, direct = await replay("answer_a_comment")
    assert receipt.recipient == LEAD
    assert known(again) == (Rejected, "10900", Outcome.REFUSED)
    assert known(direct) == (Rejected, "100", Outcome.REFUSED)


async def test_nobody_is_refused() -> None:
    assert known(await replay("write_to_nobody")) == (Rejected, "100", Outcome.REFUSED)


async def test_an_account_is_checked() -> None:
    healthy, wrong = await replay("check_the_account")
    assert [(check.name, check.ok) for check in healthy] == [
        ("token", True),
        ("account", True),
        ("permissions", True),
        ("webhook", True),
    ]
    assert [check.name for check in wrong if not check.ok] == ["account"]


async def test_a_dead_token_asks_for_a_person() -> None:
    error, checks = await replay("use_a_dead_token")
    assert known(error) == (AuthFailed, "190", Outcome.REFUSED)
    assert error.manual_action_required
    assert [(check.name, check.ok) for check in checks] == [("token", False)]


@pytest.mark.parametrize(
    ("name", "kind", "code", "outcome"),
    [
        ("calls_used_up", RateLimited, "613", Outcome.REFUSED),
        ("fails_at_the_vendor", Unavailable, "1", Outcome.UNKNOWN),
        ("fails_for_a_moment", Unavailable, "2", Outcome.UNKNOWN),
        ("answered_with_garbage", Unavailable, None, Outcome.UNKNOWN),
        ("answered_with_nothing", Unavailable, None, Outcome.UNKNOWN),
        ("lacks_a_permission", AuthFailed, "200", Outcome.REFUSED),
        ("messaging_not_available", Rejected, "36103", Outcome.REFUSED),
    ],
)
async def test_a_failed_send_says_what_is_known(
    name: str, kind: type[PlatformError], code: str | None, outcome: Outcome
) -> None:
    assert known(await replay(name)) == (kind, code, outcome)


async def test_the_vendor_s_pause_is_told() -> None:
    assert (await replay("calls_used_up")).retry_after == 20.0

"""The WhatsApp client against recorded answers."""

from typing import Any

import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.events import SendReceipt
from tests.contract.cassettes import replayed
from tests.contract.scenarios.whatsapp import LEAD, LEAD_BY_ID, RECORDINGS

pytestmark = pytest.mark.disable_socket


async def replay(name: str) -> Any:
    async with replayed(RECORDINGS, name) as (result, _):
        return result


def known(error: PlatformError) -> tuple[type[PlatformError], str | None, Outcome]:
    return type(error), error.vendor_code, error.outcome


async def test_every_kind_of_message_is_taken() -> None:
    receipts = await replay("answer_a_lead")
    assert all(isinstance(receipt, SendReceipt) for receipt in receipts)
    assert len({receipt.vendor_id for receipt in receipts}) == len(receipts) == 6
    assert {receipt.recipient for receipt in receipts} == {LEAD}
    assert all(receipt.vendor_id.startswith("wamid.") for receipt in receipts)


async def test_a_lead_without_a_number_is_answered_by_user_id() -> None:
    assert (await replay("answer_by_user_id")).recipient == LEAD_BY_ID


async def test_a_template_opens_a_conversation() -> None:
    receipt = await replay("open_by_template")
    assert receipt.recipient == LEAD
    assert receipt.extra == {"message_status": "accepted"}


async def test_template_troubles_ask_for_a_person() -> None:
    errors = await replay("template_troubles")
    assert [error.vendor_code for error in errors] == ["132015", "132001", "132000"]
    assert all(type(error) is Rejected and error.manual_action_required for error in errors)


async def test_outside_the_window_only_a_template_may_go() -> None:
    error = await replay("write_outside_the_window")
    assert known(error) == (Rejected, "131047", Outcome.REFUSED)
    assert error.manual_action_required


async def test_impossible_recipients_are_refused() -> None:
    assert [known(error) for error in await replay("write_to_oneself_and_to_nobody")] == [
        (Rejected, "131021", Outcome.REFUSED),
        (Rejected, "131026", Outcome.REFUSED),
    ]


async def test_too_many_messages_to_one_person_are_throttled() -> None:
    assert known(await replay("write_too_fast")) == (RateLimited, "131056", Outcome.REFUSED)


async def test_a_number_is_checked() -> None:
    checks = {check.name: check for check in await replay("check_the_number")}
    assert [name for name, check in checks.items() if check.ok] == ["access", "number", "quality", "sending"]
    assert checks["webhook"].fix, "the sandbox has no callback until somebody registers one"


async def test_a_dead_token_asks_for_a_person() -> None:
    error, checks = await replay("use_a_dead_token")
    assert known(error) == (AuthFailed, "190", Outcome.REFUSED)
    assert error.manual_action_required
    assert [(check.name, check.ok) for check in checks] == [("access", False)]
    assert "token" in checks[0].fix


async def test_a_wrong_number_id_asks_for_a_person() -> None:
    error, checks = await replay("use_a_wrong_number_id")
    assert known(error) == (Rejected, "100", Outcome.REFUSED)
    assert error.manual_action_required
    assert "phone number ID" in checks[0].fix


@pytest.mark.parametrize(
    ("name", "kind", "code", "outcome"),
    [
        ("throughput_spent", RateLimited, "130429", Outcome.REFUSED),
        ("fails_at_the_vendor", Unavailable, "131000", Outcome.UNKNOWN),
        ("answered_with_garbage", Unavailable, None, Outcome.UNKNOWN),
        ("answered_with_nothing", Unavailable, None, Outcome.UNKNOWN),
        ("refused_for_payment", Rejected, "131042", Outcome.REFUSED),
    ],
)
async def test_a_failed_send_says_what_is_known(
    name: str, kind: type[PlatformError], code: str | None, outcome: Outcome
) -> None:
    assert known(await replay(name)) == (kind, code, outcome)


async def test_the_vendor_s_pause_is_told() -> None:
    assert (await replay("throughput_spent")).retry_after == 20.0

"""Sending through the Graph API, and asking it how the number is doing."""

import httpx
import pytest

from pipewise.errors import Outcome, PlatformError, Rejected, Unavailable
from pipewise.events import OutboundMessage, Template
from tests.unit.pipewise.platforms.answering import Answering, answer
from tests.unit.pipewise.platforms.whatsapp.graph_api import NUMBER_ID, SENT, messenger, refusal

HELLO = OutboundMessage("hello")
REQUEST = httpx.Request("POST", "https://graph.example")


async def failed_send(api: Answering) -> PlatformError:
    with pytest.raises(PlatformError) as failure:
        await messenger(api).send("447700900123", HELLO, callback="outbox-1")
    return failure.value


async def test_a_message_is_posted_once_and_its_receipt_read() -> None:
    api = Answering(answer(SENT))
    receipt = await messenger(api).send("447700900123", HELLO, callback="outbox-1")
    assert (receipt.vendor_id, receipt.recipient, receipt.extra) == ("wamid.aW52ZW50ZWQ=", "447700900123", {})
    (request,) = api.requests
    assert (request.method, request.url.path) == ("POST", f"/v25.0/{NUMBER_ID}/messages")
    assert request.headers["authorization"] == "Bearer planted-token"
    assert api.body["biz_opaque_callback_data"] == "outbox-1"


async def test_a_receipt_by_user_id_and_a_held_template() -> None:
    api = Answering(
        answer(
            {
                "contacts": [{"input": "GB.7", "user_id": "GB.7"}],
                "messages": [{"id": "wamid.B", "message_status": "held_for_quality_assessment"}],
            }
        )
    )
    message = OutboundMessage("", template=Template("hello", "en"))
    receipt = await messenger(api).send("GB.7", message, callback="outbox-1")
    assert receipt.recipient == "GB.7"
    assert receipt.extra == {"message_status": "held_for_quality_assessment"}


@pytest.mark.parametrize(
    "document", [{}, [], {"messages": []}, {"messages": [{"id": ""}]}, {"messages": [7]}, {"messages": {"id": "x"}}]
)
async def test_a_success_that_names_no_message_is_an_unknown_outcome(document: object) -> None:
    error = await failed_send(Answering(answer(document)))
    assert isinstance(error, Unavailable)
    assert error.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (httpx.ConnectError("refused", request=REQUEST), Outcome.NOT_SENT),
        (httpx.ReadTimeout("slow", request=REQUEST), Outcome.UNKNOWN),
        (httpx.Response(200, content=b"<html>"), Outcome.UNKNOWN),
        (httpx.Response(500, content=b"oops"), Outcome.UNKNOWN),
        (refusal(131000), Outcome.UNKNOWN),
        (refusal(131056), Outcome.REFUSED),
        (refusal(131047), Outcome.REFUSED),
    ],
)
async def test_no_failure_makes_it_send_twice(fault: httpx.Response | Exception, outcome: Outcome) -> None:
    api = Answering(fault, answer(SENT))
    assert (await failed_send(api)).outcome is outcome
    assert len(api.requests) == 1


@pytest.mark.parametrize(("to", "text"), [("", "hello"), ("447700900123", " \n")])
async def test_nothing_leaves_without_a_recipient_and_a_text(to: str, text: str) -> None:
    api = Answering(answer(SENT))
    with pytest.raises(Rejected) as failure:
        await messenger(api).send(to, OutboundMessage(text), callback="outbox-1")
    assert failure.value.outcome is Outcome.NOT_SENT
    assert api.requests == []


async def test_typing_marks_the_message_as_read() -> None:
    api = Answering(answer({"success": True}))
    await messenger(api).show_typing("wamid.A")
    assert api.body == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.A",
        "typing_indicator": {"type": "text"},
    }


def test_the_messenger_knows_which_errors_stop_the_account_or_want_a_template() -> None:
    whatsapp = messenger(Answering(answer(SENT)))
    assert [
        code for code in ("368", "131031", "131048", "131064", "131047", None, "x") if whatsapp.stops_account(code)
    ] == [
        "368",
        "131031",
        "131048",
        "131064",
    ]
    assert whatsapp.wants_template("131047")
    assert not whatsapp.wants_template("131026")
    assert not whatsapp.wants_template(None)


NUMBER = {
    "display_phone_number": "+44 7700 900500",
    "verified_name": "Planner Studio",
    "quality_rating": "GREEN",
    "status": "CONNECTED",
    "id": NUMBER_ID,
}
AVAILABLE = {"health_status": {"can_send_message": "AVAILABLE", "entities": []}, "id": NUMBER_ID}
HOOKED = {"webhook_configuration": {"application": "https://hooks.example/whatsapp"}, "id": NUMBER_ID}


async def test_a_healthy_number_passes_every_check() -> None:
    api = Answering(answer(NUMBER), answer(AVAILABLE), answer(HOOKED))
    checks = await messenger(api).check()
    assert [check.name for check in checks] == ["access", "number", "quality", "sending", "webhook"]
    assert all(check.ok and not check.fix for check in checks)
    assert {request.url.path for request in api.requests} == {f"/v25.0/{NUMBER_ID}"}


async def test_every_bad_finding_comes_with_its_fix() -> None:
    blocked = {
        "health_status": {
            "can_send_message": "BLOCKED",
            "entities": [{"errors": [{"error_description": "Barred.", "possible_solution": "Appeal in the manager."}]}],
        }
    }
    api = Answering(
        answer(NUMBER | {"status": "DISCONNECTED", "quality_rating": "RED"}),
        answer(blocked),
        answer({"webhook_configuration": {}}),
    )
    failing = [check for check in await messenger(api).check() if not check.ok]
    assert [check.name for check in failing] == ["number", "quality", "sending", "webhook"]
    assert all(check.fix for check in failing)
    assert failing[2].fix == "Appeal in the manager."


@pytest.mark.parametrize(("code", "word"), [(190, "token"), (10, "token"), (33, "phone number ID")])
async def test_a_number_that_cannot_be_read_is_one_finding(code: int, word: str) -> None:
    (check,) = await messenger(Answering(refusal(code))).check()
    assert not check.ok
    assert word in check.fix


async def test_what_the_token_may_not_read_is_left_out() -> None:
    for answers in ((refusal(100), refusal(10)), (answer(NUMBER), answer(NUMBER))):
        checks = await messenger(Answering(answer(NUMBER), *answers)).check()
        assert [check.name for check in checks] == ["access", "number", "quality"]


async def test_a_vendor_that_is_down_is_a_finding_and_not_an_exception() -> None:
    fault = httpx.ReadTimeout("slow", request=REQUEST)
    (check,) = await messenger(Answering(fault)).check()
    assert not check.ok
    checks = await messenger(Answering(answer(NUMBER), fault)).check()
    assert [check.name for check in checks if not check.ok] == ["health_status", "webhook_configuration"]


@pytest.mark.parametrize("document", [[], "text", 7, {"quality_rating": []}, {"status": None}])
async def test_garbled_answers_break_no_check(document: object) -> None:
    assert await messenger(Answering(answer(document))).check()

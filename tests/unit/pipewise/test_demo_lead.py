"""The demo's lead: what it reads on its phone, and which moment a label names."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from pipewise.demo_lead import Bubble, Phone, find_start, read_bubble

LISBON = ZoneInfo("Europe/Lisbon")
SUMMER = [datetime(2026, 7, day, hour, minute, tzinfo=UTC) for day in (2, 12) for hour in (8, 13) for minute in (0, 30)]


@pytest.mark.parametrize(
    ("label", "start"),
    [
        ("Thu 2 Jul, 09:00", datetime(2026, 7, 2, 8, 0, tzinfo=UTC)),
        ("Thu 2 Jul, 9:30", datetime(2026, 7, 2, 8, 30, tzinfo=UTC)),
        ("Thu 2 Jul, 2:30 pm", datetime(2026, 7, 2, 13, 30, tzinfo=UTC)),
        ("Sun 12 Jul, 14:00", datetime(2026, 7, 12, 13, 0, tzinfo=UTC)),
        ("Thu 2 Jul, 08:00", None),
        ("Fri 2 Jul, 09:00", None),
        ("Thu 2 Jul", None),
        ("Thu 2 Jul, 2:30 am", None),
    ],
)
def test_a_label_names_a_free_time_of_the_zone_it_is_written_in(label: str, start: datetime | None) -> None:
    assert find_start(label, SUMMER, LISBON) == start


def test_a_label_that_fits_two_times_names_none() -> None:
    twice = [datetime(2026, 7, 2, 8, tzinfo=UTC), datetime(2026, 9, 2, 8, tzinfo=UTC).replace(month=7)]
    assert find_start("Thu 2 Jul, 09:00", twice, LISBON) is None


def test_buttons_and_rows_are_what_can_be_tapped() -> None:
    buttons = [{"id": "slot_1", "title": "Thu"}, {"id": "slot_2", "title": "Fri"}]
    common = {"id": "wamid.1", "text": "When?"}
    assert read_bubble({**common, "buttons": buttons}) == Bubble("wamid.1", "When?", tuple(buttons), "button_reply")
    sections = {"button": "Times", "sections": [{"rows": buttons[:1]}, {"rows": buttons[1:]}]}
    assert read_bubble({**common, "list": sections}) == Bubble("wamid.1", "When?", tuple(buttons), "list_reply")
    assert read_bubble(common).choices == ()


class SandboxPhone:
    """The two routes of the sandbox that a phone uses."""

    def __init__(self) -> None:
        self.sent: list[dict[str, object]] = []
        self.items: list[dict[str, str]] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"items": self.items})
        self.sent.append(json.loads(request.content)["message"])
        return httpx.Response(200, json={"delivering": True})


async def test_the_phone_takes_each_answer_once_and_taps_as_whatsapp_does() -> None:
    sandbox = SandboxPhone()
    async with httpx.AsyncClient(transport=httpx.MockTransport(sandbox), base_url="http://sandbox") as http:
        phone = Phone(http, "351910000123", "Marta")
        sandbox.items = [
            {"id": "in", "direction": "inbound", "text": "Hi"},
            {"id": "one", "direction": "outbound", "text": "Hello"},
        ]
        first = await phone.wait_for_reply()
        sandbox.items.append({"id": "two", "direction": "outbound", "text": "When?"})
        second = await phone.wait_for_reply()
        await phone.tap(second, {"id": "slot_2", "title": "Fri", "description": ""})
    assert (first.id, second.id) == ("one", "two")
    assert sandbox.sent == [
        {
            "context": {"id": "two"},
            "type": "interactive",
            "interactive": {"type": "list_reply", "list_reply": {"id": "slot_2", "title": "Fri"}},
        }
    ]

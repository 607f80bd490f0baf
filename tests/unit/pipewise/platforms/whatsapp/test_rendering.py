"""What goes over the wire, within WhatsApp's limits."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipewise.events import Choice, Link, OutboundMessage, Template
from pipewise.platforms.whatsapp.rendering import render, shorten

PHONE = "+447700900123"
TIMES = tuple(Choice(f"slot_{n}", f"Thu {n}:00") for n in range(9, 21))


def rendered(message: OutboundMessage, to: str = PHONE) -> dict[str, Any]:
    return render(to, message, "outbox-1")


def interactive(message: OutboundMessage) -> dict[str, Any]:
    body = rendered(message)
    assert body["type"] == "interactive"
    part = body["interactive"]
    assert isinstance(part, dict)
    return part


def test_a_text() -> None:
    assert rendered(OutboundMessage("Good *morning*, _Noor_")) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": PHONE,
        "type": "text",
        "text": {"preview_url": False, "body": "Good *morning*, _Noor_"},
        "biz_opaque_callback_data": "outbox-1",
    }


@pytest.mark.parametrize("to", ["447700900123", "+447700900123"])
def test_a_number_is_always_written_with_its_plus_sign(to: str) -> None:
    body = rendered(OutboundMessage("hi"), to)
    assert body["to"] == PHONE
    assert "recipient" not in body


def test_a_user_id_goes_into_its_own_field() -> None:
    body = rendered(OutboundMessage("hi"), "GB.70110000000000000123")
    assert body["recipient"] == "GB.70110000000000000123"
    assert "to" not in body


def test_a_reply_quotes_the_message_it_answers() -> None:
    assert rendered(OutboundMessage("yes", reply_to="wamid.A"))["context"] == {"message_id": "wamid.A"}


def test_up_to_three_short_choices_are_buttons() -> None:
    part = interactive(OutboundMessage("When? Thu 9:00, 10:00 or 11:00", choices=TIMES[:3], choices_label="Times"))
    assert part["type"] == "button"
    assert part["body"] == {"text": "When? Thu 9:00, 10:00 or 11:00"}
    assert [each["reply"] for each in part["action"]["buttons"]] == [
        {"id": "slot_9", "title": "Thu 9:00"},
        {"id": "slot_10", "title": "Thu 10:00"},
        {"id": "slot_11", "title": "Thu 11:00"},
    ]


@pytest.mark.parametrize(
    "message",
    [
        OutboundMessage("When?", choices=TIMES[:4]),
        OutboundMessage("When?", choices=(Choice("a", "Thursday, 4 March, at 9"),)),
        OutboundMessage("When?", choices=(Choice("a", "same"), Choice("b", "same"))),
        OutboundMessage("word " * 300, choices=TIMES[:2]),
    ],
    ids=["four", "long title", "same titles", "long text"],
)
def test_choices_that_do_not_fit_buttons_are_a_list(message: OutboundMessage) -> None:
    part = interactive(message)
    assert part["type"] == "list"
    assert part["body"]["text"] == message.text
    assert [row["id"] for row in part["action"]["sections"][0]["rows"]] == [choice.id for choice in message.choices]


def test_a_list_holds_ten_rows_and_its_text_the_rest() -> None:
    text = "Times: " + ", ".join(choice.title for choice in TIMES)
    part = interactive(OutboundMessage(text, choices=TIMES, choices_label="Show all of the free times"))
    assert len(part["action"]["sections"][0]["rows"]) == 10
    assert part["body"]["text"] == text
    assert part["action"]["button"] == "Show all of the…"


def test_a_list_without_a_label_still_has_a_button() -> None:
    assert interactive(OutboundMessage("When?", choices=TIMES[:4]))["action"]["button"]


def test_a_shortened_row_keeps_its_full_title_below() -> None:
    title = "Thursday the fourth of March at nine"
    row = interactive(OutboundMessage("?", choices=(Choice("a", title), *TIMES[:3])))["action"]["sections"][0]["rows"][
        0
    ]
    assert row == {"id": "a", "title": "Thursday the fourth of…", "description": title}


def test_a_row_shows_its_own_description() -> None:
    choice = Choice("a", "Thursday the fourth of March at nine", "word " * 30)
    row = interactive(OutboundMessage("?", choices=(choice,)))["action"]["sections"][0]["rows"][0]
    assert row["description"].startswith("word word")
    assert len(row["description"]) <= 72


@pytest.mark.parametrize(
    "choices",
    [
        (Choice("same", "A"), Choice("same", "B")),
        (Choice("", "A"),),
        (Choice("a", "  "),),
        (Choice("a" * 257, "A"),),
    ],
    ids=["same ids", "no id", "no title", "long id"],
)
def test_choices_whose_answers_could_not_be_told_apart_stay_text(choices: tuple[Choice, ...]) -> None:
    assert rendered(OutboundMessage("A or B?", choices=choices))["type"] == "text"


def test_a_link_is_a_button() -> None:
    part = interactive(OutboundMessage("Book here", link=Link("Open the booking page now", "https://book.example/a")))
    assert part == {
        "type": "cta_url",
        "body": {"text": "Book here"},
        "action": {
            "name": "cta_url",
            "parameters": {"display_text": "Open the booking…", "url": "https://book.example/a"},
        },
    }


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Book", Link("", "https://book.example/a")),
        ("word " * 300, Link("Open", "https://book.example/a")),
        ("Book", Link("Open", "book.example/a")),
        ("Book", Link("Open", "https://book.example/" + "a" * 2000)),
    ],
    ids=["no label", "long text", "no scheme", "long address"],
)
def test_a_link_that_fits_no_button_stands_in_the_text(text: str, link: Link) -> None:
    body = rendered(OutboundMessage(text, link=link))
    assert body["type"] == "text"
    assert body["text"]["body"].endswith(f"\n\n{link.url}")


def test_beside_choices_the_link_stands_in_the_text_once() -> None:
    link = Link("Open", "https://book.example/a")
    part = interactive(OutboundMessage("When?", choices=TIMES[:2], link=link))
    assert part["body"]["text"] == "When?\n\nhttps://book.example/a"
    part = interactive(OutboundMessage("When? https://book.example/a", choices=TIMES[:2], link=link))
    assert part["body"]["text"] == "When? https://book.example/a"


def test_shortening_never_cuts_the_address() -> None:
    body = rendered(OutboundMessage("word " * 2000, link=Link("", "https://book.example/a")))["text"]["body"]
    assert len(body) <= 4096
    assert body.endswith("word…\n\nhttps://book.example/a")


def test_a_template_takes_its_parameters_in_order_on_one_line_each() -> None:
    template = Template("call_reminder", "en_US", ("Noor", "Thu\t10:00\n\n(online)"))
    body = rendered(OutboundMessage("shown in the console", choices=TIMES, template=template))
    assert body["type"] == "template"
    assert body["template"] == {
        "name": "call_reminder",
        "language": {"code": "en_US"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "Noor"}, {"type": "text", "text": "Thu 10:00 (online)"}],
            }
        ],
    }


def test_a_template_without_parameters_names_no_components() -> None:
    assert rendered(OutboundMessage("", template=Template("hello", "de")))["template"] == {
        "name": "hello",
        "language": {"code": "de"},
    }


def test_half_a_surrogate_pair_does_not_break_the_request() -> None:
    broken = "ok \ud83d"
    message = OutboundMessage(broken, choices=(Choice("a", broken), Choice("b", "B")), choices_label=broken)
    template = OutboundMessage(broken, template=Template("t", "en", (broken,)))
    link = OutboundMessage(broken, link=Link(broken, "https://book.example/a"))
    for each in (OutboundMessage(broken), message, template, link):
        assert json.dumps(rendered(each), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("just right", 10, "just right"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("one, two", 5, "one…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("👍👍👍👍", 6, "👍👍…"),
        ("ab👩\u200d💻", 6, "ab👩…"),
    ],
)
def test_shortening_cuts_between_words_and_says_so(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


titles = st.text(max_size=60)
choices_strategy = st.lists(st.builds(Choice, st.text(max_size=12), titles, titles), max_size=14).map(tuple)
links = st.none() | st.builds(Link, titles, st.just("https://book.example/a"))


@settings(deadline=None, database=None, max_examples=200)
@given(st.builds(OutboundMessage, st.text(min_size=1, max_size=5000), choices_strategy, titles, links))
def test_no_message_exceeds_a_limit(message: OutboundMessage) -> None:
    body = rendered(message)
    if body["type"] == "text":
        assert len(body["text"]["body"]) <= 4096
        return
    part = body["interactive"]
    assert 0 < len(part["body"]["text"]) <= (4096 if part["type"] == "list" else 1024)
    action = part["action"]
    if part["type"] == "button":
        replies = [each["reply"] for each in action["buttons"]]
        assert 0 < len(replies) <= 3
        assert len({reply["title"] for reply in replies}) == len(replies)
        assert all(0 < len(reply["title"]) <= 20 and 0 < len(reply["id"]) <= 256 for reply in replies)
    elif part["type"] == "list":
        rows = action["sections"][0]["rows"]
        assert 0 < len(action["button"]) <= 20
        assert 0 < len(rows) <= 10
        assert len({row["id"] for row in rows}) == len(rows)
        assert all(0 < len(row["title"]) <= 24 and len(row.get("description", "")) <= 72 for row in rows)
    else:
        assert 0 < len(action["parameters"]["display_text"]) <= 20

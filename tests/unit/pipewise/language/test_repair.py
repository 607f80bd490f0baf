"""Who is upset, who wants something said again, in another language, or takes any of the times; and e-mail addresses as spoken."""

import pytest

from pipewise.language.detect import detect_language
from pipewise.language.repair import asks_language, asks_repeat, takes_any
from pipewise.language.spoken_email import read_email_answer
from pipewise.language.upset import find_upset


@pytest.mark.parametrize(
    "text",
    [
        "this is f... no, this is fucking ridiculous",
        "i'm crying, my dad just died",
        "You are useless",
        "estoy harta de esperar",
        "caralho, já pedi três vezes",
        "vous êtes vraiment nuls",
        "laisse tomber, putain",
        "So eine Frechheit!",
        "sto piangendo",
        "बकवास है यह",
        "أنا غاضب",
    ],
)
def test_who_curses_is_angry_or_weeps_is_noticed(text: str) -> None:
    found = find_upset(text)
    assert found
    assert found in text


@pytest.mark.parametrize(
    "text",
    [
        "my phone just died, sorry",
        "finalement mercredi c'est mort pour moi, jeudi ?",
        "that sounds great",
        "is this useful for angry customers?",
        "wir machen das Geschäft kaputt billig",
    ],
)
def test_who_is_not_is_left_alone(text: str) -> None:
    assert find_upset(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "repeat please",
        "can you repeat that?",
        "¿puede repetir?",
        "pode repetir?",
        "je n'ai pas compris",
        "non ho capito",
    ],
)
def test_a_wish_to_hear_it_again(text: str) -> None:
    assert asks_repeat(text)


def test_a_long_message_wants_more_than_a_repetition() -> None:
    assert not asks_repeat("please repeat the order that I placed last month and send me the invoice for it")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I want to speak spanish", "es"),
        ("español por favor", "es"),
        ("can we speak English?", "en"),
        ("auf Deutsch bitte", "de"),
        ("parlez-vous français ?", "fr"),
        ("हिंदी में बात करो", "hi"),
        ("بالعربية من فضلك", "ar"),
        ("can it speak Spanish", None),
        ("We sell in Spanish markets and want to grow there", None),
        ("do you support german?", None),
    ],
)
def test_a_wish_for_another_language(text: str, language: str | None) -> None:
    assert asks_language(text) == language


@pytest.mark.parametrize(
    "text", ["any of those", "qualquer um", "tanto faz", "egal", "peu importe", "कोई भी", "me da igual"]
)
def test_whichever_time_will_do(text: str) -> None:
    assert takes_any(text)


@pytest.mark.parametrize("text", ["any time on Friday", "none", "any discount?"])
def test_a_wish_is_no_any(text: str) -> None:
    assert not takes_any(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tom at baker dot com", "tom@baker.com"),
        ("it's ana dot silva at mail dot example dot org", "ana.silva@mail.example.org"),
        ("lucia arroba perez punto es", "lucia@perez.es"),
        ("tom@baker.example", "tom@baker.example"),
        ("meet me at noon", None),
        ("I am at the office", None),
    ],
)
def test_an_address_as_people_say_it(text: str, address: str | None) -> None:
    assert read_email_answer(text) == address


@pytest.mark.parametrize("text", ["STOP", "ok", "demo"])
def test_one_word_changes_no_language(text: str) -> None:
    assert detect_language(text, default="de") == "de"

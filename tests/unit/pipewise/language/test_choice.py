"""Picking one of the offered times, and turning all of them down."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipewise.language.choice import Offered, agrees, declines_all, pick_choice

LISBON = "Europe/Lisbon"
ZONE = ZoneInfo(LISBON)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)  # a Monday
OFFERED = (
    Offered("slot_1", datetime(2026, 11, 24, 9, 30, tzinfo=ZONE)),  # Tuesday
    Offered("slot_2", datetime(2026, 11, 26, 15, 0, tzinfo=ZONE)),  # Thursday
    Offered("slot_3", datetime(2026, 11, 27, 11, 0, tzinfo=ZONE)),  # Friday
)
PICKS = {
    1: (
        "tomorrow morning",
        "9:30",
        "half past nine",
        "halb zehn",
        "the first one please",
        "first",
        "prendo l'1",
        "i take 1",
        "amanhã",
        "demain",
        "tuesday",
        "mardi 9h30",
        "कल",
        "kal subah",
        "option one",
        "el primero",
        "slot_1",
    ),
    2: (
        "2",
        "2.",
        "option 2",
        "je prends l'option 2",
        "prendo la 2",
        "#2",
        "2️⃣",
        "٢",
        "the second one",
        "the 2nd",
        "el segundo",
        "le deuxième",
        "o segundo",
        "a segunda opção",
        "die zweite",
        "il secondo",
        "दूसरा",
        "dusra wala",
        "الثاني",
        "الخيار 2",
        "two",
        "number two please",
        "15:00",
        "3pm",
        "at three",
        "a las 15",
        "thursday works",
        "thursday at 3",
        "how about thursday?",
        "not the first, the second",
        "Sí, la segunda por favor",
        "quinta às 15h",
        "ja, Donnerstag 15 Uhr passt",
        "Thu 26 Nov, 15:00",
        "26 nov",
        "26/11",
        "the 26th",
        "afternoon",
        "I think the 15:00 slot is good",
        "yes the second",
        "el 2",
        "गुरुवार 3 बजे",
    ),
    3: (
        "último",
        "the last one",
        "friday",
        "viernes",
        "freitag passt",
        "vendredi à 11h",
        "sexta",
        "शुक्रवार",
        "الجمعة",
        "at 11",
        "I'd go for the third one please",
        "3rd",
        "ok 3",
        "SLOT_3",
    ),
}
NO_PICK = (
    "yes",
    "👍",
    "that works",
    "not the second",
    "the second doesn't work",
    "2 or 3",
    "thursday or friday",
    "1 and 2 work",
    "none of these",
    "none of these, thursday is full of meetings",
    "otro horario, el jueves es fiesta",
    "the first does not work, thursday neither",
    "how much is option 2?",
    "thursday at 4",
    "give me a second",
    "one moment",
    "I need 2 seats",
    "after 3",
    "5",
    "11",
    "can we do Monday instead",
    "no",
    "no thanks",
    "not thursday",
    "thursday doesn't work",
    "el jueves no puedo",
    "26",
    "do you have anything on thursday at 5?",
    "none of the first 3 work",
    "2 doesn't work for me",
    "what's the price for 3 people?",
    "",
    "?",
)


@pytest.mark.parametrize(("number", "text"), [(number, text) for number, texts in PICKS.items() for text in texts])
def test_picks(number: int, text: str) -> None:
    assert pick_choice(text, OFFERED, timezone=LISBON, now=NOW) == f"slot_{number}"


@pytest.mark.parametrize("text", NO_PICK)
def test_does_not_pick(text: str) -> None:
    assert pick_choice(text, OFFERED, timezone=LISBON, now=NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "that works",
        "👍",
        "ok",
        "ok thanks",
        "Yes please!",
        "Great.",
        "perfect, thank you",
        "sí perfecto",
        "sim, pode ser",
        "oui ça me va",
        "ja, passt",
        "va bene",
        "हाँ, ठीक है",
        "haan theek hai",
        "نعم، مناسب",
    ],
)
def test_a_yes_picks_the_only_one(text: str) -> None:
    assert agrees(text)
    assert pick_choice(text, OFFERED[:1], timezone=LISBON, now=NOW) == "slot_1"
    assert pick_choice(text, OFFERED, timezone=LISBON, now=NOW) is None


@pytest.mark.parametrize("text", ["no", "thanks", "not sure", "yes, but later", "yes but what's the price?", "maybe"])
def test_what_is_no_yes_picks_nothing(text: str) -> None:
    assert pick_choice(text, OFFERED[:1], timezone=LISBON, now=NOW) is None


def test_a_weekday_that_was_offered_twice_is_ambiguous() -> None:
    thursdays = [Offered(f"slot_{day}", datetime(2026, 11, 26, day, tzinfo=ZONE)) for day in (10, 15)]
    assert pick_choice("thursday", thursdays, timezone=LISBON, now=NOW) is None
    assert pick_choice("thursday at 10", thursdays, timezone=LISBON, now=NOW) == "slot_10"


def test_the_hour_is_the_leads_own() -> None:
    assert pick_choice("at 8:30 pm", OFFERED, timezone="Asia/Kolkata", now=NOW) == "slot_2"
    assert pick_choice("at 3 pm", OFFERED, timezone="Asia/Kolkata", now=NOW) == "slot_1"


def test_nothing_offered_nothing_picked() -> None:
    assert pick_choice("2", (), timezone=LISBON, now=NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "none of these",
        "other times",
        "do you have other times?",
        "none work for me",
        "those don't work",
        "neither works",
        "anything later?",
        "nothing fits",
        "something else",
        "otro horario",
        "ninguno me va",
        "outro horário por favor",
        "aucun ne me convient",
        "d'autres créneaux ?",
        "keiner passt",
        "passt leider nicht",
        "andere Termine?",
        "nessuno di questi",
        "कोई और समय",
        "koi aur time",
        "أوقات أخرى",
    ],
)
def test_declines_all(text: str) -> None:
    assert declines_all(text)


@pytest.mark.parametrize(
    "text",
    [
        "thursday works",
        "the second",
        "yes",
        "2",
        "what is the price",
        "I have another question",
        "tell me more about the options",
        "",
    ],
)
def test_declines_nothing(text: str) -> None:
    assert not declines_all(text)


@pytest.mark.parametrize(
    "text",
    [
        "better on Friday afternoon",
        "Friday afternoon would be better",
        "mejor el viernes por la tarde",
        "melhor na sexta à tarde",
    ],
)
def test_another_time_that_is_asked_for_is_no_pick_though_one_offered_would_fit(text: str) -> None:
    zone = ZoneInfo("Europe/Lisbon")
    now = datetime(2026, 3, 2, 12, tzinfo=zone)
    starts = [datetime(2026, 3, 5, 9, tzinfo=zone), datetime(2026, 3, 6, 12, tzinfo=zone)]
    offered = [Offered(f"slot_{number}", start) for number, start in enumerate(starts, 1)]
    assert pick_choice(text, offered, timezone="Europe/Lisbon", now=now) is None
    assert pick_choice("Friday then", offered, timezone="Europe/Lisbon", now=now) == "slot_2"


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("a primeira serve", "slot_1"),
        ("a segunda está ótima", "slot_2"),
        ("a terceira, obrigado", "slot_3"),
        ("le 3 c'est mieux", "slot_3"),
        ("a third of them", None),
        ("wait a second", None),
    ],
)
def test_an_article_is_no_measure(text: str, handle: str | None) -> None:
    starts = [datetime(2026, 11, day, 9, tzinfo=UTC) for day in (26, 27, 30)]
    offered = [Offered(f"slot_{number}", start) for number, start in enumerate(starts, 1)]
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert pick_choice(text, offered, timezone="Europe/Lisbon", now=now) == handle

"""When a lead wants to be written to again, in the words of many languages."""

from datetime import UTC, date, datetime

import pytest

from pipewise.language.return_days import LATER_DAYS, read_return_day
from pipewise.language.seasons import coming

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
TODAY = date(2026, 11, 25)
LISBON = "Europe/Lisbon"


def day_of(text: str, zone: str = LISBON, now: datetime = NOW) -> date | None:
    found = read_return_day(text, now=now, timezone=zone)
    return found.day if found else None


@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [
        ("ramadan", 2025, date(2025, 3, 1), date(2025, 4, 1)),
        ("ramadan", 2026, date(2026, 2, 18), date(2026, 3, 22)),
        ("ramadan", 2027, date(2027, 2, 8), date(2027, 3, 12)),
        ("eid_fitr", 2026, date(2026, 3, 20), date(2026, 3, 22)),
        ("eid_adha", 2026, date(2026, 5, 27), date(2026, 5, 29)),
        ("easter", 2026, date(2026, 4, 3), date(2026, 4, 6)),
        ("easter", 2038, date(2038, 4, 23), date(2038, 4, 26)),
        ("diwali", 2026, date(2026, 11, 8), date(2026, 11, 8)),
        ("winter_holidays", 2026, date(2026, 12, 21), date(2027, 1, 6)),
    ],
)
def test_seasons_are_worked_out(name: str, year: int, first: date, last: date) -> None:
    season = coming(name, date(year, 1, 7), LISBON)
    assert season is not None
    assert [abs((found - wanted).days) <= 1 for found, wanted in zip(season, (first, last), strict=True)] == [
        True,
        True,
    ]


def test_what_is_not_known_is_not_guessed() -> None:
    assert coming("diwali", date(2031, 1, 1), LISBON) is None


def test_summer_is_that_of_the_hemisphere() -> None:
    assert coming("summer", TODAY, LISBON) == (date(2027, 6, 21), date(2027, 8, 31))
    assert coming("summer", TODAY, "America/Sao_Paulo") == (date(2026, 12, 21), date(2027, 1, 31))


@pytest.mark.parametrize(
    "text",
    [
        "Let's talk after Ramadan", "hablamos después del Ramadán", "falamos depois do Ramadão", "on en parle après le Ramadan",
        "nach dem Ramadan bitte", "sentiamoci dopo il Ramadan", "रमज़ान के बाद बात करें", "ramzan ke baad baat karte hain",
        "بعد رمضان إن شاء الله",
    ],
)  # fmt: skip
def test_after_ramadan(text: str) -> None:
    assert day_of(text) == date(2027, 3, 13)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("after Christmas please", date(2026, 12, 27)),
        ("nach Weihnachten", date(2026, 12, 27)),
        ("después de Navidad", date(2026, 12, 27)),
        ("depois do Natal", date(2026, 12, 27)),
        ("après Noël", date(2026, 12, 27)),
        ("dopo Natale", date(2026, 12, 27)),
        ("after the holidays", date(2027, 1, 7)),
        ("après les fêtes", date(2027, 1, 7)),
        ("nach den Feiertagen", date(2027, 1, 7)),
        ("after the summer holidays", date(2027, 9, 1)),
        ("nach den Sommerferien", date(2027, 9, 1)),
        ("después de Semana Santa", date(2027, 3, 30)),
        ("after Easter", date(2027, 3, 30)),
        ("diwali ke baad", date(2027, 10, 30)),
        ("in two weeks", date(2026, 12, 9)),
        ("en dos semanas", date(2026, 12, 9)),
        ("daqui a duas semanas", date(2026, 12, 9)),
        ("dans deux semaines", date(2026, 12, 9)),
        ("in zwei Wochen", date(2026, 12, 9)),
        ("tra due settimane", date(2026, 12, 9)),
        ("بعد أسبوعين", date(2026, 12, 9)),
        ("do hafte baad", date(2026, 12, 9)),
        ("next month", date(2026, 12, 1)),
        ("le mois prochain", date(2026, 12, 1)),
        ("nächsten Monat", date(2026, 12, 1)),
        ("الشهر القادم", date(2026, 12, 1)),
    ],
)
def test_a_named_day(text: str, day: date) -> None:
    assert day_of(text) == day
    found = read_return_day(text, now=NOW, timezone=LISBON)
    assert found is not None
    assert found.named


@pytest.mark.parametrize(
    "text",
    ["maybe later", "más tarde, gracias", "mais tarde talvez", "plus tard peut-être", "vielleicht später", "più tardi",
     "baad mein", "बाद में", "لاحقا", "not now"],
)  # fmt: skip
def test_later_is_a_week(text: str) -> None:
    found = read_return_day(text, now=NOW, timezone=LISBON)
    assert found is not None
    assert ((found.day - TODAY).days, found.named) == (LATER_DAYS, False)


@pytest.mark.parametrize(
    "text",
    ["thank you", "before Christmas", "antes de Navidad", "", "ok", "thanks, we had a great summer", "merry Christmas"],
)
def test_no_day(text: str) -> None:
    assert day_of(text) is None


def test_during_a_season_after_it_means_its_end() -> None:
    within = datetime(2027, 2, 20, 10, tzinfo=UTC)
    assert day_of("after Ramadan", now=within) == date(2027, 3, 13)
    assert day_of("at Easter", now=within) == date(2027, 3, 26)

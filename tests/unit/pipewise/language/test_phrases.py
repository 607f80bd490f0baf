"""What PipeWise says: complete and alike in every language, with times as the lead's clock shows them."""

import re
from datetime import UTC, datetime
from string import Formatter

import pytest

from pipewise.language.calendar_words import (
    DAY_FORMS,
    MONTHS_LONG,
    MONTHS_SHORT,
    SLOT_FORMS,
    WEEKDAYS_LONG,
    WEEKDAYS_SHORT,
)
from pipewise.language.detect import LANGUAGES, detect_language
from pipewise.language.phrases import KEYS, PHRASES, format_day, format_slot, format_timezone, say

AT = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)


def _places(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_every_language_is_there() -> None:
    assert set(PHRASES) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_with_the_same_places(language: str) -> None:
    assert set(PHRASES[language]) == set(KEYS)
    for key in KEYS:
        assert _places(PHRASES[language][key]) == _places(PHRASES["en"][key]), key
        assert PHRASES[language][key].strip() == PHRASES[language][key] != "", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_register_is_calm(language: str) -> None:
    assert not [key for key in KEYS if "!" in PHRASES[language][key] or "¡" in PHRASES[language][key]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_in_their_language(language: str) -> None:
    other = "de" if language != "de" else "fr"
    long = [key for key in KEYS if len(PHRASES[language][key]) > 60]
    assert len(long) > 10
    for key in long:
        assert detect_language(re.sub(r"{\w+}", "", PHRASES[language][key]), default=other) == language, key


def test_a_phrase_is_filled_and_extra_values_are_ignored() -> None:
    assert say("confirm_join", "en", url="https://example.com/j", name="Ana") == "Join link: https://example.com/j"


def test_a_missing_value_and_an_unknown_key_are_errors() -> None:
    with pytest.raises(KeyError):
        say("confirm_join", "en")
    with pytest.raises(KeyError):
        say("no_such_phrase", "en")


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert say("booking_reference", "en", reference="{email}") == "Reference: {email}"


@pytest.mark.parametrize(
    ("written", "language"), [("pt-BR", "pt"), ("pt_PT", "pt"), ("EN", "en"), ("tlh", "en"), ("", "en")]
)
def test_regions_and_unknown_languages(written: str, language: str) -> None:
    assert say("holding", written) == PHRASES[language]["holding"]


@pytest.mark.parametrize(
    ("language", "slot", "day"),
    [
        ("en", "Thu 3 Dec, 15:00", "Thursday 3 December"),
        ("es", "jue 3 dic, 15:00", "jueves 3 de diciembre"),
        ("pt", "qui 3 dez, 15:00", "quinta-feira, 3 de dezembro"),
        ("fr", "jeu. 3 déc., 15:00", "jeudi 3 décembre"),
        ("de", "Do, 3. Dez., 15:00", "Donnerstag, 3. Dezember"),
        ("it", "gio 3 dic, 15:00", "giovedì 3 dicembre"),
        ("hi", "गुरु 3 दिस॰, 15:00", "गुरुवार, 3 दिसंबर"),
        ("ar", "الخميس 3 ديسمبر، 15:00", "الخميس 3 ديسمبر"),
    ],
)
def test_slots_and_days(language: str, slot: str, day: str) -> None:
    assert format_slot(AT, language=language, timezone="Europe/Lisbon") == slot
    assert format_day(AT, language=language, timezone="Europe/Lisbon") == day


def test_the_leads_zone_decides_the_day() -> None:
    assert format_slot(AT, language="en", timezone="Pacific/Auckland") == "Fri 4 Dec, 04:00"


def test_calendar_tables_are_whole() -> None:
    for table, length in ((WEEKDAYS_SHORT, 7), (WEEKDAYS_LONG, 7), (MONTHS_SHORT, 12), (MONTHS_LONG, 12)):
        assert set(table) == set(LANGUAGES)
        assert all(len(set(names)) == length for names in table.values())
    assert set(SLOT_FORMS) == set(DAY_FORMS) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("zone", "at", "written"),
    [
        ("Europe/Lisbon", AT, "Europe/Lisbon, UTC+0"),
        ("Europe/Lisbon", datetime(2026, 7, 1, tzinfo=UTC), "Europe/Lisbon, UTC+1"),
        ("Asia/Kolkata", AT, "Asia/Kolkata, UTC+5:30"),
        ("America/St_Johns", AT, "America/St_Johns, UTC-3:30"),
        ("America/New_York", AT, "America/New_York, UTC-5"),
    ],
)
def test_zones(zone: str, at: datetime, written: str) -> None:
    assert format_timezone(zone, at) == written

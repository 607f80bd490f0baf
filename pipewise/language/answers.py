"""Answers to what a checklist asks, checked by kind, each with the exact words it rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import phonenumbers

from pipewise.language.contact import find_email, find_phone
from pipewise.language.folding import Word, fold, sentences, words
from pipewise.language.moments import read_moments
from pipewise.language.qualification import read_amount

LONGEST = 200


@dataclass(frozen=True)
class Asker:
    """What an answer is read against: the lead's clock and, for numbers without a country code, its phone."""

    now: datetime
    timezone: str
    phone: str | None


@dataclass(frozen=True)
class Choice:
    """One answer of several, with all the ways to say it."""

    value: str
    words: tuple[str, ...]


def read_answer(text: str, kind: str, asker: Asker, choices: Sequence[Choice] = ()) -> tuple[str, str] | None:
    """The value and its words; None if the text holds no valid answer of that kind."""
    match kind:
        case "email":
            email = find_email(text)
            return (email, _as_written(text, email)) if email else None
        case "phone":
            return _phone(text, asker)
        case "amount":
            return read_amount(text)
        case "date":
            return _date(text, asker)
        case "choice":
            return _choice(text, choices)
        case _:
            said = text.strip()[:LONGEST].rstrip()
            return (said, said) if said else None


def is_attempt(text: str, kind: str) -> bool:
    """Whether somebody tried to answer, so that asking once more makes sense; "I'd rather not say" is none."""
    if kind == "email":
        return "@" in text
    return kind in {"phone", "amount", "date"} and any(map(str.isdigit, text))


def _as_written(text: str, email: str) -> str:
    place = text.casefold().find(email.casefold())
    return text[place : place + len(email)] if place >= 0 else email


def _phone(text: str, asker: Asker) -> tuple[str, str] | None:
    region = _region_of(asker.phone)
    number = find_phone(text, region=region)
    if number is None:
        return None
    digits = re.search(r"[+(]?\d[\d\s().\-/]{4,}\d", text)
    return number, digits[0] if digits else text.strip()[:LONGEST]


def _region_of(phone: str | None) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone or "")) or None
    except phonenumbers.NumberParseException:
        return None


def _date(text: str, asker: Asker) -> tuple[str, str] | None:
    """One day as 2026-12-03, several as 2026-12-01/2026-12-31."""
    moments = read_moments(text, now=asker.now, timezone=asker.timezone)
    wanted = [day for day in moments.days if not moments.is_refused(day)]
    if not wanted:
        return None
    day = wanted[0]
    value = day.start.isoformat() if day.start == day.end else f"{day.start}/{day.end}"
    return value, fold(text).quote(moments.words[day.first].start, moments.words[day.last].end)


def _choice(text: str, choices: Sequence[Choice]) -> tuple[str, str] | None:
    """The one choice that is named, by its number in the list or by its words; None if none or several are."""
    spoken = words(text)
    alone = spoken[0].text if len(spoken) == 1 else ""
    if alone.isdigit() and 0 < int(alone) <= len(choices):
        return choices[int(alone) - 1].value, fold(text).quote(spoken[0].start, spoken[0].end)
    found: dict[str, tuple[Word, Word]] = {}
    for choice in choices:
        for said in (choice.value, *choice.words):
            place = _place_of(said, spoken)
            if place:
                found.setdefault(choice.value, place)
    if len(found) != 1:
        return None
    ((value, (first, last)),) = found.items()
    return value, fold(text).quote(first.start, last.end)


def names_choice(text: str, about: str, choices: Sequence[Choice]) -> tuple[str, str] | None:
    """A choice that is named without being asked for, in a sentence that also names what it is about: "the Team plan"."""
    topic = about.split("_")
    for sentence in sentences(text):
        if not any(word.text in topic for word in sentence):
            continue
        found = _choice(fold(text).quote(sentence[0].start, sentence[-1].end), choices)
        if found:
            return found
    return None


def _place_of(said: str, spoken: Sequence[Word]) -> tuple[Word, Word] | None:
    wanted = [word.text for word in words(said)]
    for first in range(len(spoken) - len(wanted) + 1) if wanted else ():
        part = spoken[first : first + len(wanted)]
        if [word.text for word in part] == wanted:
            return part[0], part[-1]
    return None

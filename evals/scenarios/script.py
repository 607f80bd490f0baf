"""The scenarios: what each lead wants, in which language, how they write, and what goes wrong at the vendors meanwhile."""

import itertools
import random
from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "hi", "ar")
# Country code and length of the rest of a number, and the zone that follows from it.
PHONES = {
    "en": ("4479111", 5, "Europe/London"),
    "es": ("346001", 5, "Europe/Madrid"),
    "pt": ("3519112", 5, "Europe/Lisbon"),
    "fr": ("336121", 5, "Europe/Paris"),
    "de": ("49151", 8, "Europe/Berlin"),
    "it": ("39312", 7, "Europe/Rome"),
    "hi": ("91981", 7, "Asia/Kolkata"),
    "ar": ("97150", 7, "Asia/Dubai"),
}
NAMES = {
    "en": "Emily Carter",
    "es": "Lucía Romero",
    "pt": "Tiago Moreira",
    "fr": "Camille Laurent",
    "de": "Jonas Weber",
    "it": "Giulia Conti",
    "hi": "Rohan Mehta",
    "ar": "Omar Haddad",
}


class Goal(StrEnum):
    BOOK = "book"
    BOOK_FRIDAY_MORNING = "book_friday_morning"
    BOOK_TOMORROW_AFTERNOON = "book_tomorrow_afternoon"
    BOOK_AFTER_HELLO = "book_after_hello"
    BOOK_AFTER_PRICE = "book_after_price"
    BOOK_OTHER_TIMES = "book_other_times"
    BOOK_THEN_THANK = "book_then_thank"
    CANCEL = "cancel"
    MOVE = "move"
    OPT_OUT = "opt_out"
    HUMAN = "human"
    LATER = "later"
    BOT = "bot"
    PITCH = "pitch"


class Style(StrEnum):
    """`tap` chooses on the phone, `word` in words, `burst` says hello and the wish in two messages at once."""

    TAP = "tap"
    WORD = "word"
    BURST = "burst"


class Trouble(StrEnum):
    """What the vendors do meanwhile."""

    NONE = "none"
    DUPLICATES = "duplicates"
    SLOT_TAKEN = "slot_taken"
    SLOW_CALENDAR = "slow_calendar"
    NO_CALENDAR = "no_calendar"
    SEND_REFUSED = "send_refused"


BOOKING_GOALS = frozenset(goal for goal in Goal if goal.startswith("book"))
MEETING_GOALS = BOOKING_GOALS | {Goal.CANCEL, Goal.MOVE}


@dataclass(frozen=True)
class Scenario:
    """One lead. `trial` tells repetitions of the same scenario apart: other phrasings, other choices."""

    number: int
    goal: Goal
    language: str
    style: Style
    trouble: Trouble = Trouble.NONE
    trial: int = 0

    @property
    def name(self) -> str:
        return f"{self.number:03d}-{self.goal}-{self.language}-{self.style}-{self.trouble}"

    @property
    def phone(self) -> str:
        prefix, digits, _ = PHONES[self.language]
        return f"{prefix}{self.number * 10 + self.trial:0{digits}d}"

    @property
    def zone(self) -> str:
        return PHONES[self.language][2]

    @property
    def person(self) -> str:
        return NAMES[self.language]

    @property
    def email(self) -> str:
        return f"lead{self.number}.{self.trial}@{self.goal.replace('_', '-')}.example"

    def rng(self) -> random.Random:
        return random.Random(f"{self.number}.{self.trial}")  # noqa: S311  a seed, not a secret


def build_scenarios() -> list[Scenario]:
    """Every goal in every language; styles in turn; each trouble for bookings in some languages."""
    styles = itertools.cycle(Style)
    plain = [(goal, language, next(styles), Trouble.NONE) for goal in Goal for language in LANGUAGES]
    more = [
        (goal, language, next(styles), Trouble.NONE)
        for goal in (Goal.BOOK, Goal.BOOK_AFTER_PRICE, Goal.BOOK_OTHER_TIMES, Goal.OPT_OUT, Goal.HUMAN)
        for language in LANGUAGES
    ]
    troubled = [
        (Goal.BOOK, language, next(styles), trouble)
        for trouble in Trouble
        if trouble is not Trouble.NONE
        for language in LANGUAGES
    ]
    halted = [(Goal.OPT_OUT, language, next(styles), Trouble.DUPLICATES) for language in LANGUAGES]
    given = [*plain, *more, *troubled, *halted]
    return [Scenario(number, *parts) for number, parts in enumerate(given)]

"""Every reader of language takes any text at all, and in time that grows with its length alone."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipewise.language import folding
from pipewise.language.choice import Offered, agrees, declines_all, pick_choice
from pipewise.language.consent import is_opt_in, is_opt_out
from pipewise.language.contact import find_company, find_email, find_name, find_phone, guess_timezone
from pipewise.language.detect import LANGUAGES, detect_language
from pipewise.language.human import asks_human, asks_if_bot
from pipewise.language.intent import INTENTS, ConversationContext, classify
from pipewise.language.qualification import read_facts
from pipewise.language.reply_check import claims_booking, find_times, find_urls, time_problems
from pipewise.language.times import TimeWish, rank_slots, read_time_wish, wish_is_empty

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
STARTS = tuple(NOW + timedelta(hours=hours) for hours in range(1, 60, 7))
OFFERED = tuple(Offered(f"slot_{number}", start) for number, start in enumerate(STARTS, start=1))
AWAITING = (None, "slot_choice", "email", "name", "answer", "confirm_change")

READERS: dict[str, Callable[[str], object]] = {
    "classify": lambda text: classify(text, context=ConversationContext("slot_choice")),
    "is_opt_out": is_opt_out,
    "is_opt_in": is_opt_in,
    "asks_human": asks_human,
    "asks_if_bot": asks_if_bot,
    "detect_language": lambda text: detect_language(text, default=None),
    "read_time_wish": lambda text: read_time_wish(text, now=NOW, timezone="UTC"),
    "pick_choice": lambda text: pick_choice(text, OFFERED, timezone="UTC", now=NOW),
    "declines_all": declines_all,
    "agrees": agrees,
    "find_email": find_email,
    "find_phone": lambda text: find_phone(text, region="US"),
    "find_name": lambda text: find_name(text, expected=True),
    "find_company": find_company,
    "read_facts": read_facts,
    "find_times": lambda text: find_times(text, timezone="UTC", now=NOW),
    "time_problems": lambda text: time_problems(text, allowed=STARTS, timezone="UTC", now=NOW),
    "find_urls": find_urls,
    "claims_booking": claims_booking,
}
# Any characters, and the words that the rules know in any order.
SCRAPS = st.sampled_from(
    (
        *(
            "book",
            "a",
            "call",
            "meeting",
            "not",
            "monday",
            "tuesday",
            "at",
            "after",
            "before",
            "next",
            "week",
            "in",
            "two",
            "weeks",
        ),
        *(
            "3",
            "15:00",
            "3.12.",
            "12/3",
            "31/11",
            "2-4",
            "pm",
            "am",
            "uhr",
            "99",
            "24:61",
            "00:00",
            "29",
            "feb",
            "noon",
            "half",
            "past",
        ),
        *(
            "option",
            "second",
            "segunda",
            "last",
            "none",
            "of",
            "these",
            "yes",
            "stop",
            "people",
            "i'm",
            "from",
            "gmbh",
            "budget",
        ),
        *(
            "@",
            "a@b.c",
            "https://",
            ".",
            ",",
            "?",
            "!",
            "€",
            "$",
            "2k",
            "मीटिंग",
            "कल",
            "بعد",
            "غد",
            "👍",
            "ﷺ",
            "\n",
            "quarter",
            "to",
        ),
    )
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(SCRAPS, max_size=25).map(" ".join))


@given(TEXTS, st.sampled_from(AWAITING), st.booleans(), st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_classify_is_total(text: str, awaiting: str | None, has_meeting: bool, offered: bool) -> None:
    guesses = classify(text, context=ConversationContext(awaiting, has_meeting, offered))
    assert guesses
    assert all(guess.label in INTENTS and 0 <= guess.confidence <= 1 for guess in guesses)
    assert all(guess.evidence in text for guess in guesses)
    assert len({guess.label for guess in guesses}) == len(guesses)


@given(TEXTS)
@settings(deadline=None)
def test_every_reader_is_total(text: str) -> None:
    for read in READERS.values():
        read(text)
    assert detect_language(text, default=None) in LANGUAGES
    assert pick_choice(text, OFFERED, timezone="UTC", now=NOW) in {None, *(item.handle for item in OFFERED)}
    guess_timezone(text, default="UTC")


@given(TEXTS, st.sampled_from(["UTC", "Europe/Lisbon", "Asia/Kolkata", "Pacific/Auckland"]))
@settings(deadline=None)
def test_whatever_is_wished_the_slots_fit_it(text: str, zone: str) -> None:
    wish = read_time_wish(text, now=NOW, timezone=zone)
    chosen = rank_slots(STARTS, wish, timezone=zone, count=3)
    assert set(chosen) <= set(STARTS)
    assert list(chosen) == sorted(chosen)
    if wish_is_empty(wish):
        assert chosen == rank_slots(STARTS, TimeWish(), timezone=zone, count=3)


HOSTILE = {
    "one letter": "a" * 4096,
    "at signs": "@" * 4096,
    "addresses": "a@" * 2048,
    "labels": "a." * 2048,
    "digits": "1" * 4096,
    "dashes": "1-" * 2048,
    "numbers": "1 " * 2048,
    "requests": "book a " * 585,
    "times": "at 3 or " * 512,
    "refusals": "not monday " * 372,
    "ranges": "between 2 and " * 292,
    "links": "http://" * 585,
    "leads": "my name is " * 372,
    "phones": "+1 212 555 0100 " * 256,
    "ligatures": "ﷺ" * 4096,
    "emoji": "👍" * 4096,
    "lines": "\n" * 4096,
    "brackets": "[" * 4096,
    "prose": "the quick brown fox can book a meeting on thursday at 3pm with $500 for 20 people. " * 50,
}
FAIR = 10.0  # seconds of processor time, far from both: typical is a twentieth of one, backtracking would take minutes


@pytest.mark.parametrize("reader", list(READERS))
def test_hostile_text_costs_little(reader: str) -> None:
    READERS[reader]("book a call tomorrow at 3")  # tables are built once
    for name, text in HOSTILE.items():
        folding.fold.cache_clear()
        folding.words.cache_clear()
        began = time.process_time()
        READERS[reader](text[:4096])
        assert time.process_time() - began < FAIR, name

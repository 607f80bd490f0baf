"""Facts about a lead's need that a message states, each with the exact words it rests on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from pipewise.language import qualification_words as table
from pipewise.language.consent import entries, word_set
from pipewise.language.contact import find_company
from pipewise.language.folding import Word, fold, sentences
from pipewise.language.hour_words import NUMBERS
from pipewise.language.moments import read_moments
from pipewise.language.patterns import PhraseTable

_LONGEST = 200
_SHORT = 8  # "we want to start in January" is about time alone
_PLAIN_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{1,2})?")
_WHOLE = re.compile(r"\d{1,7}(?:-\d{1,7})?|\d{1,3}(?:[.,]\d{3})")
_SOME_DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)  # whether a time is named does not depend on today


@dataclass(frozen=True)
class Fact:
    """`field`: need, budget, authority, timeline, company_size or company. `quote` is an exact part of the message."""

    field: str
    value: str
    quote: str


@cache
def _table(listed: str) -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(listed))


@cache
def _named(name: str) -> dict[str, str]:
    """Word to meaning, of the tables that give several words for one."""
    source: dict[object, str] = getattr(table, name)
    return {word: str(meaning) for meaning, listed in source.items() for word in _choices(listed)}


def _choices(listed: str) -> frozenset[str]:
    """The choices of a table, symbols such as "€" among them."""
    return word_set(listed.replace("|", " "))


_BUDGET = _choices(table.BUDGET)
_HEADS = _choices(table.HEADS)
_TEAM_OF = _choices(table.TEAM_OF)
_ATTENDING = _choices(table.ATTENDING)
_PERIOD_LEADS = _choices(table.PERIOD_LEADS)
_ARTICLES_AS_NUMBERS = word_set("one una un uma um une ein eine एक ek do due sei")
_NUMBER_WORDS = {
    word: number
    for number, listed in NUMBERS.items()
    for word in word_set(listed.replace("|", " ").replace(";", " "))
    if word not in _ARTICLES_AS_NUMBERS
}


def read_facts(text: str) -> tuple[Fact, ...]:
    """At most one fact of each field, the first that is stated."""
    found: dict[str, Fact] = {}
    for sentence in sentences(text):
        for fact in _in_sentence(text, sentence, asked=_is_asked(text, sentence)):
            found.setdefault(fact.field, fact)
    company = find_company(text)
    if company:
        found.setdefault("company", Fact("company", company, company))
    return tuple(found.values())


def read_amount(text: str) -> tuple[str, str] | None:
    """The first amount of an answer to "how much", with its words; there a bare number is one."""
    for sentence in sentences(text):
        for place, word in enumerate(sentence):
            amount = _amount(sentence, place, bare=True) if word.text[0].isdigit() else None
            if amount:
                return amount.value(), _quote(text, sentence[amount.first : amount.last + 1])
    return None


def _is_asked(text: str, sentence: Sequence[Word]) -> bool:
    """A question mark closes the sentence."""
    rest = fold(text).text[sentence[-1].end :]
    return rest.lstrip(" )\"'").startswith("?")


def _quote(text: str, part: Sequence[Word]) -> str:
    return fold(text).quote(part[0].start, part[-1].end)


def _in_sentence(text: str, sentence: tuple[Word, ...], *, asked: bool) -> Iterator[Fact]:
    yield from _budget(text, sentence, asked=asked)
    yield from _company_size(text, sentence)
    if asked:
        return
    yield from _authority(text, sentence)
    timeline = list(_timeline(text, sentence))
    yield from timeline
    if not timeline or len(sentence) > _SHORT:
        yield from _need(text, sentence)


def _need(text: str, sentence: tuple[Word, ...]) -> Iterator[Fact]:
    """From the word of needing to the end of the sentence."""
    for match in _table(table.NEED).matches(sentence)[:1]:
        part = sentence[match.first :]
        if len(part) > 1 and not _table(table.NOT_A_NEED).found_in(part[:8]):
            said = _quote(text, part)[:_LONGEST].rstrip()
            yield Fact("need", said, said)


def _authority(text: str, sentence: tuple[Word, ...]) -> Iterator[Fact]:
    matches = _table(table.AUTHORITY).matches(sentence)
    if matches:
        longest = max(matches, key=lambda match: (match.last - match.first, -match.first))
        said = _quote(text, sentence[longest.first : longest.last + 1])
        yield Fact("authority", said, said)


def _timeline(text: str, sentence: tuple[Word, ...]) -> Iterator[Fact]:
    """An urgency said outright, or a time beside a word of starting; a time to meet is none."""
    if _table(table.NOT_A_NEED).found_in(sentence):
        return
    outright = _table(table.TIMELINE).longest(sentence)
    if outright:
        said = _quote(text, sentence[outright[0].first : outright[0].last + 1])
        yield Fact("timeline", said, said)
        return
    if not _table(table.TIMELINE_CONTEXT).found_in(sentence):
        return
    quote = _quote(text, sentence)
    moments = read_moments(quote, now=_SOME_DAY, timezone="UTC")
    if moments.days:
        first, last = moments.words[moments.days[0].first], moments.words[moments.days[-1].last]
        said = fold(quote).quote(first.start, last.end)
        yield Fact("timeline", said, said)


def _company_size(text: str, sentence: tuple[Word, ...]) -> Iterator[Fact]:
    """As in "12 people", "40 person agency", "team of 12"; guests of a meeting are no size."""
    if any(word.text in _ATTENDING for word in sentence):
        return
    for place, word in enumerate(sentence):
        number = _count(word)
        if number is None:
            continue
        after = [other.text for other in sentence[place + 1 : place + 3]]
        before = [other.text for other in sentence[max(0, place - 3) : place]]
        head = next((ahead for ahead, other in enumerate(after) if other in _HEADS), None)
        if head is not None:
            yield Fact("company_size", number, _quote(text, sentence[place : place + 2 + head]))
            return
        led = next((back for back, other in enumerate(reversed(before)) if other in _TEAM_OF), None)
        if led is not None and before[-1] in {"of", "de", "von", "di", "is", "mit", "with", "from", "के", "من"}:
            yield Fact("company_size", number, _quote(text, sentence[place - 1 - led : place + 1]))
            return


def _count(word: Word) -> str | None:
    if _WHOLE.fullmatch(word.text):
        return re.sub(r"[.,]", "", word.text)
    number = _NUMBER_WORDS.get(word.text)
    return str(number) if number else None


def _budget(text: str, sentence: tuple[Word, ...], *, asked: bool) -> Iterator[Fact]:
    """An amount with a currency or beside a word for budget; in a question only beside that word."""
    spoken_of = any(word.text in _BUDGET for word in sentence)
    if asked and not spoken_of:
        return
    for place, word in enumerate(sentence):
        amount = _amount(sentence, place) if word.text[0].isdigit() else None
        if amount and (amount.currency or spoken_of):
            yield Fact("budget", amount.value(), _quote(text, sentence[amount.first : amount.last + 1]))
            return


@dataclass(frozen=True)
class _Amount:
    number: float
    currency: str
    period: str
    first: int
    last: int

    def value(self) -> str:
        number = f"{self.number:.2f}".removesuffix(".00")
        return " ".join(filter(None, (number, self.currency))) + (f" per {self.period}" if self.period else "")


def _amount(sentence: Sequence[Word], place: int, *, bare: bool = False) -> _Amount | None:
    match = _PLAIN_NUMBER.fullmatch(sentence[place].text.split("-")[-1])
    if match is None:
        return None
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", match[0])
    number = float(re.sub(r"[.,]", "", match[0]) if grouped else match[0].replace(",", "."))
    first = last = place
    scale = _named("SCALES").get(_text(sentence, last + 1))
    if scale:
        number, last = number * int(scale), last + 1
    currency = _named("CURRENCIES").get(_text(sentence, last + 1), "")
    if currency:
        last += 1
    elif place and (before := _named("CURRENCIES").get(sentence[place - 1].text)):
        currency, first = before, place - 1
        if first and sentence[first - 1].text == "r":
            currency, first = "BRL", first - 1  # "R$"
    last, period = _period(sentence, last)
    unit = _text(sentence, last + 1)
    if not currency and not bare and (unit in _HEADS or (not scale and number < 100)):
        return None
    return _Amount(number, currency, period, first, last)


def _text(sentence: Sequence[Word], place: int) -> str:
    return sentence[place].text if place < len(sentence) else ""


def _period(sentence: Sequence[Word], last: int) -> tuple[int, str]:
    for ahead in (1, 2):
        period = _named("PERIODS").get(_text(sentence, last + ahead))
        if period and (ahead == 1 or _text(sentence, last + 1) in _PERIOD_LEADS):
            return last + ahead, period
    return last, ""

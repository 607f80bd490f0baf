"""Which of the offered times a lead picks: by number, by place in the list, by time, by day, or by agreeing to the only one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from pipewise.language.choice_words import AGREEMENTS, ASKING, DECLINES, FILLERS, NUMBER_NOUNS, ORDINALS
from pipewise.language.consent import entries, word_set
from pipewise.language.consent_words import COURTESY
from pipewise.language.day_mentions import DayMention
from pipewise.language.folding import Word, clauses, fold, sentences, words
from pipewise.language.hour_words import NUMBERS
from pipewise.language.moments import Moments, read_moments
from pipewise.language.patterns import Match, PhraseTable
from pipewise.language.times import WINDOWS
from pipewise.language.wall_times import comes_twice

_REFUSALS = word_set(
    "not no don't doesn't can't cannot isn't won't except "
    "nicht kein außer pas sauf não nao exceto non tranne नहीं nahi nahin لا ليس غير never nie ni"
)
_BETTER = word_set("better besser mejor mieux melhor meglio बेहतर behtar أفضل")
_FRACTIONS = word_set("second third fourth fifth sixth 1 2 3 4 5 6")
_NEAR = 3


@dataclass(frozen=True)
class Offered:
    handle: str
    start: datetime


@dataclass(frozen=True)
class _Pick:
    """A place in the list that was named; `refused` where the lead turned it down."""

    index: int
    refused: bool


@cache
def _ordinals() -> PhraseTable[int]:
    return PhraseTable((pattern, place) for place, listed in ORDINALS.items() for pattern in entries(listed))


@cache
def _number_words() -> PhraseTable[int]:
    return PhraseTable((pattern, number) for number, listed in NUMBERS.items() for pattern in entries(listed))


@cache
def _declines() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(DECLINES))


@cache
def _agreements() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(word.text for word in words(entry)) for entry in entries(AGREEMENTS))


_COURTESY = word_set(COURTESY)
_FILLERS = word_set(FILLERS) | _COURTESY
_NUMBER_NOUNS = word_set(NUMBER_NOUNS.replace("|", " "))
_ASKING = word_set(ASKING)
_ONE = word_set(
    "one un una uno uma une ein eine eins einer एक ek o"
)  # "the second one": a pronoun, hardly ever a number
_MEASURE = word_set("a one un um ein une uma una eine just")  # "give me a second"


def agrees(text: str) -> bool:
    """The text says yes, and courtesies aside nothing else."""
    parts = [tuple(word.text for word in part) for whole in sentences(text) for part in clauses(whole, frozenset())]
    agreed = [_is_agreement(part) for part in parts]
    return any(agreed) and all(fits or set(part) <= _COURTESY for fits, part in zip(agreed, parts, strict=True))


def _is_agreement(part: tuple[str, ...]) -> bool:
    bare = tuple(word for word in part if word not in _COURTESY)
    if part in _agreements() or (bare and (bare in _agreements() or all((word,) in _agreements() for word in bare))):
        return True
    return not bare and any((word,) in _agreements() for word in part)


def declines_all(text: str) -> bool:
    """None of the offered times will do, or others are asked for."""
    return any(_declines().found_in(sentence) for sentence in sentences(text))


def mentions_choice(text: str) -> bool:
    """The text names a place in a list, whatever was offered: "2", "the second one"."""
    spoken = words(text)
    moments = Moments(spoken, (), (), (), frozenset())
    ordinals = [match for match in _ordinals().longest(spoken) if _is_ordinal(spoken, match, moments)]
    return bool(ordinals or _numbers(moments))


def only_picks(text: str) -> bool:
    """The text names a place in a list and says nothing else."""
    moments = Moments(words(text), (), (), (), frozenset())
    return mentions_choice(text) and _only_asks(moments)


def pick_choice(text: str, offered: Sequence[Offered], *, timezone: str, now: datetime) -> str | None:
    """The handle of the one time that the text means; None where it means none, several, or turns one down, and where the
    time of day that it names comes twice: the number in the list, or a tap, tells which."""
    if not offered:
        return None
    tapped = [item.handle for item in offered if item.handle.casefold() == text.strip().casefold()]
    if tapped:
        return tapped[0]
    if agrees(text):
        return offered[0].handle if len(offered) == 1 else None
    moments = read_moments(text, now=now, timezone=timezone)
    if "?" in fold(text).text and not _only_asks(moments):
        return None
    picks = _picks(moments, len(offered))
    named = {pick.index for pick in picks if not pick.refused} - {pick.index for pick in picks if pick.refused}
    if not named and (picks or declines_all(text)):
        return None
    candidates = _by_moment(offered, moments, timezone)
    if named:
        chosen = [offered[index] for index in sorted(named)]
        agreed = [item for item in chosen if candidates is None or item in candidates]
        candidates = agreed or (chosen if _is_overread(moments) else [])
    elif candidates and not moments.clocks and any(word.text in _BETTER for word in moments.words):
        return None  # "better on Friday afternoon" asks for other times, even where one of those offered would fit
    if not named and moments.clocks:
        candidates = [item for item in candidates or [] if not comes_twice(item.start, timezone)]
    return candidates[0].handle if candidates and len(candidates) == 1 else None


def _only_asks(moments: Moments) -> bool:
    """Every word belongs to a pick or to asking for it: "how about Thursday?" does, "how much is option 2?" does not."""
    used = {place for item in _placed(moments) for place in range(item[0], item[1] + 1)}
    used |= {place for match in _ordinals().matches(moments.words) for place in range(match.first, match.last + 1)}
    known = _FILLERS | _NUMBER_NOUNS | _ASKING
    return all(
        place in used or word.text in known or word.text.isdigit() or _number_words().found_in([word])
        for place, word in enumerate(moments.words)
    )


def _placed(moments: Moments) -> list[tuple[int, int]]:
    days = [(day.first, day.last) for day in moments.days]
    return (
        days
        + [(clock.first, clock.last) for clock in moments.clocks]
        + [(part.first, part.last) for part in moments.parts]
    )


def _is_overread(moments: Moments) -> bool:
    """An ordinal may also be read as a weekday ("a segunda") or a date ("the 3rd"); the list then decides."""
    return not moments.clocks and not moments.parts and all(day.last - day.first <= 1 for day in moments.days)


def _picks(moments: Moments, count: int) -> list[_Pick]:
    spoken = moments.words
    ordinals = [match for match in _ordinals().longest(spoken) if _is_ordinal(spoken, match, moments)]
    picks = [
        _Pick(count - 1 if match.value == -1 else match.value - 1, _is_refused(spoken, match.first, match.last))
        for match in ordinals
        if match.value <= count
    ]
    if ordinals:
        return picks
    return [
        _Pick(number - 1, _is_refused(spoken, first, last))
        for number, first, last in _numbers(moments)
        if 1 <= number <= count
    ]


def _is_ordinal(spoken: Sequence[Word], match: Match[int], moments: Moments) -> bool:
    before = spoken[match.first - 1].text if match.first else ""
    after = spoken[match.last + 1] if match.last + 1 < len(spoken) else None
    measured = before in _MEASURE and spoken[match.first].text in _FRACTIONS
    if measured and not (after and after.text in _NUMBER_NOUNS):
        return False  # "a third of them"; "a terceira" is a pick
    inside = [(first, last) for first, last in _placed(moments) if first <= match.first and last > match.last]
    if inside and not any(day.exact and day.first == match.first for day in moments.days):
        return False  # "segunda-feira", "second week of May"
    follows = after is None or after.breaks > 0 or after.text in _FILLERS | _NUMBER_NOUNS | _REFUSALS
    return follows or any(first == match.last + 1 for first, _ in _placed(moments))


def _numbers(moments: Moments) -> list[tuple[int, int, int]]:
    """Numbers that can be picks: (number, first word, last word)."""
    spoken = moments.words
    used = {place for first, last in _placed(moments) for place in range(first, last + 1)}
    found = [
        (int(w.text), at, at) for at, w in enumerate(spoken) if w.text.isdigit() and len(w.text) <= 2 and at not in used
    ]
    for match in _number_words().longest(spoken):
        led = match.first > 0 and spoken[match.first - 1].text in _NUMBER_NOUNS
        if match.first not in used and (led or spoken[match.first].text not in _ONE or len(spoken) == 1):
            found.append((match.value, match.first, match.last))
    taken = {place for _, first, last in found for place in range(first, last + 1)} | used
    rest = [word.text for place, word in enumerate(spoken) if place not in taken]
    if all(word in _FILLERS | _NUMBER_NOUNS | _REFUSALS for word in rest):
        return found
    return [item for item in found if item[1] > 0 and spoken[item[1] - 1].text in _NUMBER_NOUNS]


def _is_refused(spoken: Sequence[Word], first: int, last: int) -> bool:
    place = first
    while place > 0 and not spoken[place].breaks and first - place < _NEAR:
        place -= 1
        if spoken[place].text in _REFUSALS:
            return True
    place = last + 1
    while place < len(spoken) and not spoken[place].breaks and place - last <= _NEAR:
        if spoken[place].text in _REFUSALS:
            return True
        place += 1
    return False


def _by_moment(offered: Sequence[Offered], moments: Moments, timezone: str) -> list[Offered] | None:
    """The offered times that fit what the text says of days and hours; None where it says nothing of them."""
    zone = ZoneInfo(timezone)
    days = [day for day in moments.days if not moments.is_refused(day)]
    clocks = [clock for clock in moments.clocks if not moments.is_refused(clock)]
    parts = [part for part in moments.parts if not moments.is_refused(part) and part.name in WINDOWS]
    if not (days or clocks or parts):
        return None
    if any(clock.relation in {"after", "before"} for clock in clocks) or any(day.relation != "on" for day in days):
        return []  # a wish, not a pick
    fitting = list(offered)
    if days:
        fitting = [o for o in fitting if any(_is_on(o.start.astimezone(zone), day) for day in days)]
    if clocks:
        fitting = [o for o in fitting if any(o.start.astimezone(zone).time() in clock.options for clock in clocks)]
    elif parts:
        windows = [WINDOWS[part.name] for part in parts]
        fitting = [o for o in fitting if any(low <= o.start.astimezone(zone).time() < high for low, high in windows)]
    return fitting


def _is_on(local: datetime, day: DayMention) -> bool:
    """On the date that was named; a weekday alone means whichever such day was offered."""
    if day.weekdays and not day.exact:
        return local.weekday() in day.weekdays
    return day.start <= local.date() <= day.end

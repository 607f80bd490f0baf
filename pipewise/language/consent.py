"""Does a message ask to end our messages, or to have them again? Exact rules, sentence by sentence, in many languages.

They stand before any model: a missed opt-out is a breach of consent, a false one silences a lead.
"""

import re
from collections.abc import Sequence
from functools import cache

from pipewise.language.consent_words import (
    ABOUT_MESSAGES,
    COURTESY,
    DENIED_BEFORE,
    LIMITED_AFTER,
    OPT_IN_SENTENCES,
    OPT_OUT_PHRASES,
    OPT_OUT_SENTENCES,
)
from pipewise.language.folding import Word, clauses, sentences, words
from pipewise.language.patterns import Match, PhraseTable

_NEAR = 3  # words in front of or behind a phrase that can turn its meaning
_SHORT_ANSWER = 8  # words; what tells others how to end messages is longer
_NO_CONJUNCTIONS: frozenset[str] = frozenset()


def entries(table: str) -> list[str]:
    """The patterns of a table, parted by semicolons or lines; a line that ends in "|" goes on in the next."""
    joined = re.sub(r"\|\s*\n\s*", "|", table)
    return [pattern.strip() for line in joined.splitlines() for pattern in line.split(";") if pattern.strip()]


def word_set(table: str) -> frozenset[str]:
    return frozenset(word.text for piece in table.split() for word in words(piece))


@cache
def _opt_out_sentences() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(word.text for word in words(entry)) for entry in entries(OPT_OUT_SENTENCES))


@cache
def _opt_in_sentences() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(word.text for word in words(entry)) for entry in entries(OPT_IN_SENTENCES))


@cache
def _phrases() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(OPT_OUT_PHRASES))


@cache
def _about_messages() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(ABOUT_MESSAGES))


@cache
def _instructions() -> PhraseTable[None]:
    return PhraseTable([("reply|txt|text|sms stop|end|quit|unsubscribe|optout", None)])


_COURTESY = word_set(COURTESY)
_DENIED_BEFORE = word_set(DENIED_BEFORE)
_LIMITED_AFTER = word_set(LIMITED_AFTER)


def _is_whole(part: Sequence[Word], wanted: frozenset[tuple[str, ...]]) -> bool:
    """The part says one of `wanted` and nothing else but courtesy around it."""
    spoken = tuple(word.text for word in part)
    if spoken in wanted:
        return True
    first, last = 0, len(spoken)
    while first < last and spoken[first] in _COURTESY:
        first += 1
    while last > first and spoken[last - 1] in _COURTESY:
        last -= 1
    return spoken[first:last] in wanted or spoken[first:] in wanted or spoken[:last] in wanted


def _stands(sentence: Sequence[Word], match: Match[None]) -> bool:
    """False when the words around the phrase deny, question or limit it."""
    before = sentence[max(0, match.first - _NEAR) : match.first]
    after = sentence[match.last + 1 : match.last + 1 + _NEAR]
    denied = any(word.text in _DENIED_BEFORE for word in _same_clause_before(before, sentence[match.first]))
    inside = sentence[match.first + 1 : match.last + 1]
    return not denied and not any(word.text in _LIMITED_AFTER for word in [*inside, *after])


def _same_clause_before(before: Sequence[Word], first: Word) -> list[Word]:
    kept: list[Word] = []
    breaks = first.breaks
    for word in reversed(before):
        if breaks:
            break
        kept.append(word)
        breaks = word.breaks
    # "do not" denies nothing more than "don't" does.
    return kept[1:] if first.text == "not" and kept and kept[0].text == "do" else kept


def _closing_word(text: str, sentence: tuple[Word, ...]) -> bool:
    parts = clauses(sentence, _NO_CONJUNCTIONS)
    return len(parts) > 1 and _is_whole(parts[-1], _opt_out_sentences()) and _about_messages().found_in(words(text))


def _tells_others_how(text: str) -> bool:
    """An advertisement that ends in "reply STOP to end". Who was told so may send those two words and means them."""
    spoken = words(text)
    return len(spoken) > _SHORT_ANSWER and _instructions().found_in(spoken)


def is_opt_out(text: str) -> bool:
    """The lead wants no more messages. "Stop. Thank you" is one; "stop, Zé isn't coming" is not."""
    if _tells_others_how(text):
        return False
    for sentence in sentences(text):
        if _is_whole(sentence, _opt_out_sentences()) or _closing_word(text, sentence):
            return True
        if any(_stands(sentence, match) for match in _phrases().matches(sentence)):
            return True
    return False


def is_opt_in(text: str) -> bool:
    """The lead wants our messages again: START and its like, as the whole of a message."""
    parts = sentences(text)
    wanted = [part for part in parts if not all(word.text in _COURTESY for word in part)]
    return len(wanted) == 1 and _is_whole(wanted[0], _opt_in_sentences())

"""Does a message ask for a person, or ask whether it reached one? Exact rules in every language of ours."""

from collections.abc import Sequence
from functools import cache

from pipewise.language.consent import entries, word_set
from pipewise.language.consent_words import COURTESY
from pipewise.language.folding import Word, sentences, words
from pipewise.language.human_words import (
    BOT_PHRASES,
    HUMAN_PHRASES,
    HUMAN_SENTENCES,
    MEETING_WORDS,
    PERSON_WORDS,
    YES_WORDS,
)
from pipewise.language.patterns import PhraseTable

_COURTESY = word_set(COURTESY)
_DENIED_BEFORE = word_set(
    "don't dont not never no nicht kein ne pas não nao non नहीं nahi لا without sin sem sans ohne senza"
)
_MEETING, _PERSON = word_set(MEETING_WORDS), word_set(PERSON_WORDS)
_YES = word_set(YES_WORDS)
_NEAR = 2
_SHORT = 8


@cache
def _human_sentences() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(word.text for word in words(entry)) for entry in entries(HUMAN_SENTENCES))


@cache
def _human_phrases() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(HUMAN_PHRASES))


@cache
def _bot_phrases() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(BOT_PHRASES))


def asks_human(text: str) -> bool:
    """The lead wants to be served by a person."""
    return any(wants_human(sentence) for sentence in sentences(text))


def asks_if_bot(text: str) -> bool:
    """The lead wants to know whether a person or a machine answers."""
    return any(wonders_if_bot(sentence) for sentence in sentences(text))


def wants_human(sentence: Sequence[Word]) -> bool:
    if tuple(word.text for word in sentence if word.text not in _COURTESY) in _human_sentences():
        return True
    if wonders_if_bot(sentence):
        return False  # "am I talking to a person?" is a question, not a wish
    if _wants_a_meeting(sentence):
        return False
    return any(not _denied(sentence, match.first) for match in _human_phrases().matches(sentence))


def accepts_meeting(text: str) -> bool:
    """As in "yes please, a call would be good": a yes, and then the meeting by name, in few words and without a question."""
    spoken = [word.text for word in words(text)]
    short = 1 < len(spoken) <= _SHORT and "?" not in text and "؟" not in text
    return short and spoken[0] in _YES and bool(set(spoken[1:]) & _MEETING) and not set(spoken) & _DENIED_BEFORE


def _wants_a_meeting(sentence: Sequence[Word]) -> bool:
    """A call with someone from the team is no wish to be rid of the machine."""
    spoken = {word.text for word in sentence}
    return bool(spoken & _MEETING) and not spoken & _PERSON


def _denied(sentence: Sequence[Word], first: int) -> bool:
    return any(word.text in _DENIED_BEFORE for word in sentence[max(0, first - _NEAR) : first])


def wonders_if_bot(sentence: Sequence[Word]) -> bool:
    return _bot_phrases().found_in(sentence)

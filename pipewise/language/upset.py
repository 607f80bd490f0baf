"""Is somebody cursing, angry or in tears? Exact rules: then a person answers, not a machine."""

from functools import cache

from pipewise.language.consent import entries, word_set
from pipewise.language.folding import fold, sentences
from pipewise.language.patterns import PhraseTable
from pipewise.language.upset_words import DEAD_ENDS, UPSET

_THINGS = word_set(DEAD_ENDS.replace("|", " "))


@cache
def _upset() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(UPSET))


def find_upset(text: str) -> str | None:
    """The words that show it."""
    for sentence in sentences(text):
        if any(word.text in _THINGS for word in sentence):
            continue
        for match in _upset().matches(sentence):
            return fold(text).quote(sentence[match.first].start, sentence[match.last].end)
    return None

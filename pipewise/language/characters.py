"""Characters that a reply does not need: what is invisible, turns the direction, only looks like a letter, or is of another script."""

import unicodedata
from functools import lru_cache

from pipewise.language.folding import Word, words

# Joiners that Hindi and emoji need, and the marks by which Arabic beside Latin keeps its place.
_NEEDED = frozenset("\u200c\u200d\u200e\u200f\n\r\t")
_HIDDEN = frozenset({"Cc", "Cf", "Co"})
_SCRIPTS = {"hi": "DEVANAGARI", "ar": "ARABIC"}
_NAMES = 0.25
_LOOKALIKE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


def hides_text(text: str) -> bool:
    """Some of it cannot be seen, or makes the rest be seen in another order."""
    return any(unicodedata.category(one) in _HIDDEN and one not in _NEEDED for one in text)


def mixes_alphabets(text: str) -> bool:
    """A word has Latin letters beside such that look like them: a Cyrillic o in "booked"."""
    return any("LATIN" in found and found & _LOOKALIKE for found in map(_alphabets, words(text)))


def is_of_other_script(text: str, language: str) -> bool:
    """More than a name or two is in letters that nobody writes this language with."""
    own = {"LATIN", _SCRIPTS.get(language, "LATIN")}
    letters = [_alphabet(one) for one in text if one.isalpha()]
    return sum(alphabet not in own for alphabet in letters) > len(letters) * _NAMES


def _alphabets(word: Word) -> frozenset[str]:
    return frozenset(_alphabet(letter) for letter in word.text)


@lru_cache(maxsize=4096)
def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]

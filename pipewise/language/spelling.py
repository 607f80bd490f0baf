"""Modest tolerance for typing slips: one letter missing, doubled, wrong or swapped in a longer word that matters."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pipewise.language.folding import Word, words
from pipewise.language.spelling_words import WORDS

_SHORTEST = 6  # in shorter words one letter makes another word


def _with_one_letter_less(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


@cache
def _targets() -> frozenset[str]:
    return frozenset(word.text for piece in WORDS.split() for word in words(piece))


@cache
def _index() -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for target in sorted(_targets()):
        for key in {target, *_with_one_letter_less(target)}:
            index.setdefault(key, []).append(target)
    return {key: tuple(targets) for key, targets in index.items()}


def _one_slip(written: str, meant: str) -> bool:
    """The two differ by one letter more, less or other, or by two neighbours swapped."""
    if written == meant or abs(len(written) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    rest, wanted = written[start:], meant[start:]
    if rest[1:] == wanted or rest == wanted[1:] or rest[1:] == wanted[1:]:
        return True
    return rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]


def _meant(word: str) -> str:
    if len(word) < _SHORTEST or len(word) > 2 * _SHORTEST + 4 or word in _targets():
        return word
    for key in (word, *sorted(_with_one_letter_less(word))):
        for target in _index().get(key, ()):
            if target[0] == word[0] and _one_slip(word, target):
                return target
    return word


def corrected(sentence: Sequence[Word], known: frozenset[str]) -> list[Word]:
    """The words with slips mended; `known` words stay as they are."""
    return [word if word.text in known else replace(word, text=_meant(word.text)) for word in sentence]

"""Which of the languages that PipeWise answers in a message is written in."""

import re
from functools import cache

from pipewise.language.detect_words import TELLING, TELLING_LETTERS
from pipewise.language.folding import MAX_CHARS, words

LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "hi", "ar")
_FEWEST = 2  # words by which a known language can be given up
_ENOUGH = 2.0  # what another language must reach before a known one is given up

_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_NOT_PROSE = re.compile(r"https?://\S{1,500}|\S{1,100}@\S{1,200}")


@cache
def _weights() -> dict[str, dict[str, float]]:
    """Weight of each word for each language: a word that several languages share counts less for all of them."""
    owners: dict[str, set[str]] = {}
    for language, listed in TELLING.items():
        for word in words_of(listed):
            owners.setdefault(word, set()).add(language)
    return {word: dict.fromkeys(languages, 2.0 / len(languages) ** 2) for word, languages in owners.items()}


def words_of(listed: str) -> set[str]:
    """The words of a table, parted piece by piece: a message is cut at MAX_CHARS, a table is not."""
    return {word.text for piece in listed.split() for word in words(piece)}


def _scores(text: str) -> dict[str, float]:
    scores = dict.fromkeys(LANGUAGES, 0.0)
    weights = _weights()
    for word in words(text):
        for language, weight in weights.get(word.text, {}).items():
            scores[language] += weight
    for letter in set(text.casefold()) & set(TELLING_LETTERS):
        scores[TELLING_LETTERS[letter]] += 2.0
    return scores


def detect_language(text: str, *, default: str | None) -> str:
    """`default` is the language of the conversation so far; a text that is short or could be either keeps it."""
    fallback = default if default in LANGUAGES else "en"
    prose = _NOT_PROSE.sub(" ", text[:MAX_CHARS])
    latin = len(_LATIN.findall(prose))
    for script, language in ((_DEVANAGARI, "hi"), (_ARABIC, "ar")):
        letters = len(script.findall(prose))
        if letters >= 2 and letters >= latin / 2:
            return language
    if default in LANGUAGES and len(words(prose)) < _FEWEST:
        return fallback  # "STOP", "ok" and "demo" are said in every language
    scores = _scores(prose)
    best = max(scores, key=lambda language: scores[language])
    rival = max(score for language, score in scores.items() if language != best)
    kept = scores[fallback]
    if default not in LANGUAGES and scores[best] > rival:
        return best  # nothing speaks for another yet
    if scores[best] < _ENOUGH or (scores[best] == rival and kept == rival):
        return fallback
    if scores[best] < kept + 1 and kept > 0:
        return fallback
    return best

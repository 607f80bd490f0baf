"""What the trained intent classifier sees of a message: its words, pairs and triples of them, and pieces of words, hashed."""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

from pipewise.language.folding import words

BUCKETS = 1 << 16
MOST_WORDS = 120  # what a lead wants is said by then; it also bounds the work for one message
_LONGEST_WORD = 30
_PIECES = (3, 4, 5)
_MOST_COUNTED = 12

Features = dict[int, float]
"""Weight by bucket."""


def features_of(text: str) -> Features:
    counts = Counter(_bucket(feature) for feature in _named(text))
    return {bucket: 1.0 + math.log(count) for bucket, count in counts.items()}


def _bucket(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS


def _named(text: str) -> Iterator[str]:
    spoken = [_word(word.text) for word in words(text)[:MOST_WORDS]]
    for word in spoken:
        yield f"w {word}"
        yield from _pieces(f"<{word}>")
    padded = ["^", *spoken, "$"]
    for first, second in pairwise(padded):
        yield f"b {first} {second}"
    for first, second, third in zip(padded, padded[1:], padded[2:], strict=False):
        yield f"t {first} {second} {third}"
    if "?" in text or "؟" in text:
        yield "asks"
    yield f"n {min(len(spoken), _MOST_COUNTED)}"


def _word(text: str) -> str:
    return "#" if text[0].isdigit() else text[:_LONGEST_WORD]


def _pieces(word: str) -> Iterator[str]:
    for length in _PIECES:
        if length >= len(word):
            return
        for start in range(len(word) - length + 1):
            yield f"p {word[start : start + length]}"

"""One comparable form of a message: case, accents, digits and quotes folded, and the way back to the exact source text."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARS = 5_000  # the longest message a platform delivers is 4,096; what stands beyond is not read
MAX_WORDS = 1_000  # 4,096 characters of prose have some 700

# Marks that writers add or leave out at will: Latin accents, Arabic vowel signs and hamza, the Devanagari nukta,
# keycaps, skin tones, variation selectors, zero-width and direction characters.
_DROPPED = (
    (0x0300, 0x036F),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x0640, 0x0640),
    (0x093C, 0x093C),
    (0x00AD, 0x00AD),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x20E3, 0x20E3),
    (0x2060, 0x2069),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0x1F3FB, 0x1F3FF),
)
_REPLACED = {
    "‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": ".", "ı": "i", "ł": "l", "ø": "o", "đ": "d",
    "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ँ": "ं", "،": ",", "؛": ";", "؟": "?", "।": ".", "۔": ".",
    "\u00a0": " ", "\u202f": " ",
}  # fmt: skip
_SENTENCE_END = frozenset(".!?;\n。！？")
_CLAUSE_END = frozenset(',:()[]{}"|/')
# Words that lose their vowel before an apostrophe (French, Italian); the apostrophe parts two words there. Elsewhere
# ("don't", "let's", "geht's") it stands inside one.
_ELIDED = frozenset(
    (
        *("l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quelqu"),
        *("un", "dell", "all", "nell", "sull", "dall", "quest", "quell", "com", "dov", "cos", "mezz"),
    )
)


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    character = _REPLACED.get(character, character)
    folded = ""
    for part in unicodedata.normalize("NFKD", character)[:4].casefold():
        if any(low <= ord(part) <= high for low, high in _DROPPED):
            continue
        digit = unicodedata.digit(part, None)  # also of what only looks like one: "❶"
        folded += str(digit) if digit is not None else _REPLACED.get(part, part)
    return folded


@dataclass(frozen=True)
class Folded:
    """`origin[i]` is the place in `source` that character `i` of `text` came from; it has one entry more than `text`."""

    text: str
    source: str
    origin: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """The exact substring of the source behind `text[start:end]`."""
        if start >= end:
            return ""
        last = self.origin[end - 1]  # one character of the source may fold to several
        return self.source[self.origin[start] : max(self.origin[end], last + 1)]


@lru_cache(maxsize=64)
def fold(text: str) -> Folded:
    source = text[:MAX_CHARS]
    characters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(source):
        for part in _fold_character(character):
            characters.append(part)
            origin.append(place)
    origin.append(len(source))
    return Folded("".join(characters), source, tuple(origin))


@dataclass(frozen=True)
class Word:
    """`text` is a run of letters, one number with its inner punctuation ("15:00", "3.12"), or one symbol.

    `breaks` tells what parted it from the word before: 0 a space, 1 a comma or the like, 2 the end of a sentence.
    """

    text: str
    start: int
    end: int
    breaks: int


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"So", "Sk", "Sm", "Sc"}:
        return "symbol"
    if character.isdigit():
        return "digit"
    return "letter" if category[0] in "LMN" else ""


_kind_of = lru_cache(maxsize=8192)(_kind)


def _number_end(text: str, start: int) -> int:
    """End of a number; a separator belongs to it when a digit stands on both sides."""
    end = start
    while end < len(text):
        joins = text[end] in ":.,/-" and text[end + 1 : end + 2].isdigit()
        if not (text[end].isdigit() or joins):
            break
        end += 1
    return end


def _letters_end(text: str, start: int) -> int:
    end = start
    while end < len(text):
        if _kind_of(text[end]) == "letter":
            end += 1
        elif text[end] == "'" and end + 1 < len(text) and _kind_of(text[end + 1]) == "letter":
            if text[start:end] in _ELIDED:
                break
            end += 1
        else:
            break
    return end


def _symbol_end(text: str, start: int) -> int:
    del text
    return start + 1


_END_OF = {"digit": _number_end, "letter": _letters_end, "symbol": _symbol_end}


def _break_of(character: str) -> int:
    if character in _SENTENCE_END:
        return 2
    return 1 if character in _CLAUSE_END else 0


@lru_cache(maxsize=64)
def words(text: str) -> tuple[Word, ...]:
    """The words of a message in order; places count in `fold(text).text`."""
    folded = fold(text).text
    found: list[Word] = []
    place, breaks = 0, 0
    while place < len(folded) and len(found) < MAX_WORDS:
        kind = _kind_of(folded[place])
        if not kind:
            dash = folded[place] == "-" and folded[place - 1 : place] == " " and folded[place + 1 : place + 2] == " "
            breaks = max(breaks, 1 if dash else _break_of(folded[place]))
            place += 1
            continue
        end = _END_OF[kind](folded, place)
        found.append(Word(folded[place:end].replace("'", ""), place, end, breaks if found else 0))
        place, breaks = end, 0
    return tuple(found)


def sentences(text: str) -> tuple[tuple[Word, ...], ...]:
    """The words of a message, parted where a sentence ends."""
    parts: list[list[Word]] = []
    for word in words(text):
        if not parts or word.breaks == 2:
            parts.append([])
        parts[-1].append(word)
    return tuple(tuple(part) for part in parts)


def clauses(sentence: tuple[Word, ...], conjunctions: frozenset[str]) -> tuple[tuple[Word, ...], ...]:
    """A sentence parted at commas and in front of the given conjunctions."""
    parts: list[list[Word]] = []
    for word in sentence:
        if not parts or word.breaks or word.text in conjunctions:
            parts.append([])
        parts[-1].append(word)
    return tuple(tuple(part) for part in parts)

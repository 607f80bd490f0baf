"""Text as vendors count it: cut between words and never inside a character that people see as one."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable

Measure = Callable[[str], int]
ELLIPSIS = "…"
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def shorten(text: str, limit: int, measure: Measure = len) -> str:
    """`text` within `limit` as `measure` counts, cut between words, with an ellipsis where something was cut."""
    if measure(text) <= limit:
        return text
    room = limit - measure(ELLIPSIS)
    if room < 0:
        return ""
    end = bisect_right(range(len(text) + 1), room, key=lambda length: measure(text[:length])) - 1
    kept = text[: _character_end(text, end)]
    words_end = max(kept.rfind(" "), kept.rfind("\n"))
    if not text[len(kept)].isspace() and words_end > len(kept) // 2:
        kept = kept[:words_end]
    return kept.rstrip(" \n\t,;:.–-") + ELLIPSIS  # noqa: RUF001  a dash left at the end reads as a mistake


def utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def make_sound(text: str) -> str:
    """Half a surrogate pair, which a language model may emit, cannot be written as UTF-8 and would break the request."""
    return text.encode("utf-8", "replace").decode()


def one_line(text: str) -> str:
    return " ".join(make_sound(text).split())


def _character_end(text: str, end: int) -> int:
    """The nearest place at or before `end` where no accent or variation is torn off and no joiner is left over."""
    while 0 < end < len(text) and (_varies(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return end


def _varies(character: str) -> bool:
    return bool(unicodedata.combining(character)) or character in "\ufe0f\u20e3" or ord(character) in _SKIN_TONES

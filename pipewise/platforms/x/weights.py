"""The length of a post as X counts it (X API docs, "Counting characters"): 280 weighted characters, an address always 23."""

import re
import unicodedata

POST_LIMIT = 280
ADDRESS_WEIGHT = 23
_ADDRESS = re.compile(r"(?P<web>https?://\S+)|(?<![\w@.])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
# Code points that count once; every other counts twice.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_MODIFIERS = range(0x1F3FB, 0x1F400)
_REGIONS = range(0x1F1E6, 0x1F200)
_JOINER, _VARIATION, _KEYCAP = 0x200D, 0xFE0F, 0x20E3


def weighted_length(text: str) -> int:
    """What this text takes of a post's 280."""
    text = unicodedata.normalize("NFC", text)
    length, end = 0, 0
    for address in _ADDRESS.finditer(text):
        length += _weigh(text[end : address.start()])
        # Whether X takes a name without https:// for an address depends on its list of domains: the longer count is safe.
        length += ADDRESS_WEIGHT if address["web"] else max(ADDRESS_WEIGHT, _weigh(address[0]))
        end = address.end()
    return length + _weigh(text[end:])


def _weigh(text: str) -> int:
    points = [ord(character) for character in text]
    length, position = 0, 0
    while position < len(points):
        end = _emoji_end(points, position)
        length += 2 if end - position > 1 else _weight(points[position])
        position = end
    return length


def _weight(point: int) -> int:
    return 1 if any(first <= point <= last for first, last in _LIGHT) else 2


def _emoji_end(points: list[int], start: int) -> int:
    """The end of the emoji that begins here, its variations and joined parts included: together they count as one."""
    if points[start] in _REGIONS and start + 1 < len(points) and points[start + 1] in _REGIONS:
        return start + 2
    end = start + 1
    while end < len(points):
        if points[end] in (_VARIATION, _KEYCAP) or points[end] in _MODIFIERS:
            end += 1
        elif points[end] == _JOINER and end + 1 < len(points) and points[start] > _LIGHT[-1][1]:
            end += 2
        else:
            break
    return end

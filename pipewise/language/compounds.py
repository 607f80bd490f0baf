"""German writes a day and its part as one word: "Freitagvormittag", "Montagmorgen", "donnerstagabends"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipewise.language.folding import Word

_DAY_AND_PART = re.compile(
    r"(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)"
    r"(morgens?|fruh|vormittags?|mittags?|nachmittags?|abends?)"
)


def part_compounds(spoken: Sequence[Word]) -> list[Word]:
    """The same words, with each such compound as the two that it is made of."""
    parted: list[Word] = []
    for word in spoken:
        found = _DAY_AND_PART.fullmatch(word.text)
        if found is None:
            parted.append(word)
            continue
        middle = word.end - len(found[2])
        part = "mittags" if found[2] == "mittag" else found[2]  # alone, "Mittag" is a meal as well
        parted += [replace(word, text=found[1], end=middle), Word(part, middle, word.end, 0)]
    return parted

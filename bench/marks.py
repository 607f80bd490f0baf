"""Words that tell one message of a lead from another: the lead writes them, the fake model repeats those it was shown."""

import re
from collections.abc import Iterable

MARKS = ("alpha", "bravo", "charlie")
NOTED = "Noted:"
_MARK = re.compile(rf"\b({'|'.join(MARKS)})\b")
_LIST = re.compile(rf"{NOTED} ([a-z, ]+)\.")


def find_marks(texts: Iterable[str]) -> list[str]:
    """In the order in which they were written, the last of a repeated one."""
    found = [mark for text in texts for mark in _MARK.findall(text)]
    return list(dict.fromkeys(reversed(found)))[::-1]


def noted_in(answer: str) -> list[str]:
    """What an answer says that it answers."""
    noted = _LIST.search(answer)
    return find_marks([noted[1]]) if noted else []

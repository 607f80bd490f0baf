"""Does a message come from somebody who is no lead: a vendor, a job seeker, the press, or a sender of spam?"""

from functools import cache
from typing import Literal

from pipewise.language import solicitation_words as table
from pipewise.language.consent import entries
from pipewise.language.folding import fold, sentences
from pipewise.language.patterns import PhraseTable
from pipewise.language.qualification import read_facts

Solicitor = Literal["vendor", "job_seeker", "press", "spam"]
SOLICITORS: tuple[Solicitor, ...] = ("spam", "job_seeker", "press", "vendor")


@cache
def _table() -> PhraseTable[Solicitor]:
    listed: dict[Solicitor, str] = {
        "spam": table.SPAM,
        "job_seeker": table.JOB,
        "press": table.PRESS,
        "vendor": table.VENDOR,
    }
    return PhraseTable((pattern, kind) for kind, patterns in listed.items() for pattern in entries(patterns))


@cache
def _about_us() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(table.ABOUT_US))


def _needs_something(text: str) -> bool:
    """Who offers services of their own may well be looking for ours."""
    return any(fact.field == "need" for fact in read_facts(text))


def find_solicitor(text: str) -> tuple[Solicitor, str] | None:
    """Who it is, with the words that show it. A message that also speaks of our product is a lead's."""
    said = sentences(text)
    if any(_about_us().found_in(sentence) for sentence in said):
        return None
    for sentence in said:
        found = _table().longest(sentence)
        if found and not (found[0].value == "vendor" and _needs_something(text)):
            first, last = sentence[found[0].first], sentence[found[0].last]
            return found[0].value, fold(text).quote(first.start, last.end)
    return None

"""Answers from what the company has written down: looked up by code, told with their source, and never without one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graph.state import LeadState
from nodes.tasks import LONGEST_DETAIL, task
from pipewise.account_settings import AccountSettings
from pipewise.knowledge import Found
from pipewise.language.detect import detect_language
from pipewise.language.intent import ConversationContext, classify
from pipewise.language.phrases import say
from pipewise.language.questions import question_parts

MEETINGS = frozenset({"meeting_request", "meeting_change"})
NOTHING_KNOWN = ConversationContext(awaiting=None, has_meeting=False, offered=False)
TOLD = 1200  # characters of a section that a model is given
MOST_PARTS = 4  # questions of one message that are looked up
_CITED = re.compile(r"\s*\[(s\d+|none)\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class FindsKnowledge(Protocol):
    async def find(self, folder: str, question: str) -> tuple[Found, ...]:
        """The sections of a folder that answer, best first."""
        ...


@dataclass(frozen=True)
class LookUp:
    """What was asked and what is written about it, the best of each question first; `found` may be empty. `told` is how many of
    them the answer in the owner's words is made of, `missing` what of the questions nothing is written about."""

    question: str
    found: tuple[Found, ...]
    language: str
    told: int = 1
    missing: str = ""

    def best(self) -> tuple[Found, ...]:
        return self.found[: self.told]

    def quote(self) -> str:
        """The answer in the owner's own words, with a frame if they are not in the lead's language."""
        quote = "\n\n".join(one.quote for one in self.best())
        known = detect_language(quote, default=self.language) == self.language
        return quote if known else f"{say('from_documents', self.language)} {quote}"

    def for_model(self) -> list[dict[str, str]]:
        return [
            {"id": f"s{number}", "title": one.section.title, "text": one.section.text[:TOLD]}
            for number, one in enumerate(self.found, 1)
        ]

    def action(self, cited: Sequence[Found]) -> dict[str, Any]:
        """For the record of the turn."""
        sources = [
            {"source": one.section.source, "quote": one.quote, "text": one.section.text[:TOLD], "score": one.score}
            for one in cited
        ]
        return {"type": "knowledge", "question": self.question[:500], "sources": sources}


async def look_up(
    state: LeadState, account: AccountSettings, knowledge: FindsKnowledge, question: str
) -> LookUp | None:
    """None where nothing was asked, or nothing is written down."""
    if account.knowledge_folder is None or not question:
        return None
    parts = question_parts(question)
    answers = {part: await knowledge.find(account.knowledge_folder, part) for part in parts[:MOST_PARTS]}
    if len(parts) > 1 and not any(answers.values()):  # nobody says where one question ends
        answers = {question: await knowledge.find(account.knowledge_folder, question)}
    first = _distinct(found[0] for found in answers.values() if found)
    others = _distinct(one for found in answers.values() for one in found[1:])
    found = _distinct([*first, *others])
    missing = "\n".join(part for part, found in answers.items() if not found)
    return LookUp(question, found, state["language"], max(1, len(first)), missing)


def _distinct(found: Iterable[Found]) -> tuple[Found, ...]:
    """Each section once; two questions may rest on different sentences of it."""
    kept: dict[tuple[str, str], Found] = {}
    for one in found:
        kept.setdefault((one.section.source, one.quote), one)
    return tuple(kept.values())


def beside_meeting(question: str) -> str:
    """Of what was asked, the sentences that are not about the meeting itself: those have a step of their own."""
    asked = question.splitlines()
    return "\n".join(line for line in asked if classify(line, context=NOTHING_KNOWN)[0].label not in MEETINGS)


def says_none(draft: str) -> bool:
    """The model found no answer in what it was given."""
    return "none" in _CITED.findall(draft)


def read_cited(draft: str, looked: LookUp, *, asked: str) -> tuple[str, tuple[Found, ...]]:
    """The draft without its marks, and the sources it names. No source if one is not there, or a number is in none of them
    and in nothing that the lead asked."""
    marks = _CITED.findall(draft)
    text = _CITED.sub("", draft).strip()
    by_mark = {f"s{number}": one for number, one in enumerate(looked.found, 1)}
    if not marks or any(mark not in by_mark for mark in marks):
        return text, ()
    cited = tuple(by_mark[mark] for mark in dict.fromkeys(marks))
    written = " ".join([asked, *(f"{one.section.title} {one.section.text}" for one in cited)])
    invented = set(_NUMBER.findall(text)) - set(_NUMBER.findall(written))
    return text, () if invented else cited


def quoted_in(state: LeadState) -> dict[str, Any] | None:
    """What this turn tells from the company's documents, as it was put on record."""
    told = [action for action in state["actions"] if action["type"] == "knowledge" and action["sources"]]
    return told[-1] if told else None


def question_task(question: str, *, folder: bool = True) -> dict[str, Any]:
    title = "A lead asked something that the knowledge folder does not answer" if folder else "A lead asked something"
    return task("question", title, question[:LONGEST_DETAIL])

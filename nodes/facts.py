"""What a turn teaches about the lead's need: facts with message and words, and the score that they come to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from graph.state import LeadState
from nodes.message_ids import message_id
from pipewise.language.answers import Asker, Choice, is_attempt, names_choice, read_answer
from pipewise.language.choice import agrees
from pipewise.language.qualification import Fact, read_facts
from pipewise.language.questions import is_yes_or_no
from pipewise.leads import Lead
from pipewise.qualification import Score, merge_facts, rate
from pipewise.qualification_rules import ChecklistItem, Qualification
from pipewise.wording import word_for

ANSWER = "answer"
ALWAYS_READ = frozenset({"email", "phone"})  # what these look like is never anything else


def note_facts(state: LeadState, lead: Lead, rules: Qualification, *, answering: bool) -> dict[str, Any]:
    """Columns of the lead and actions, both empty if the turn taught nothing. `answering`: free words are the answer to
    our open question."""
    return _keep(state, dict(lead.facts), rules, _find(state, lead, rules, answering=answering))


def note_stated(state: LeadState, rules: Qualification, stated: Iterable[tuple[Fact, int]]) -> dict[str, Any]:
    """The same for what a model found in this turn's messages; what rules read there already stands."""
    facts: dict[str, Any] = dict(state["lead_values"]["facts"])
    here = {message_id(state["turn"], place, event) for place, event in enumerate(state["events"])}
    read = {key for key, fact in facts.items() if fact.get("message_id") in here}
    return _keep(state, facts, rules, ((fact, place) for fact, place in stated if fact.field not in read), by="model")


def _keep(
    state: LeadState,
    facts: dict[str, Any],
    rules: Qualification,
    found: Iterable[tuple[Fact, int]],
    by: str = "rules",
) -> dict[str, Any]:
    actions = []
    for fact, place in found:
        source = message_id(state["turn"], place, state["events"][place])
        before = facts
        facts = merge_facts(facts, [fact], source, state["now"])
        if facts != before:
            told = {"field": fact.field, "value": fact.value, "quote": fact.quote, "message_id": source, "by": by}
            actions.append({"type": "fact", **told})
    if not actions:
        return {"values": {}, "actions": []}
    score = rate(rules, facts, state["memory"]["asked"])
    return {"values": {"facts": facts, **score_values(score)}, "actions": [*actions, score_action(score)]}


def score_values(score: Score) -> dict[str, Any]:
    return {"score": score.points, "qualified": None if score.verdict is None else score.verdict == "qualified"}


def score_action(score: Score) -> dict[str, Any]:
    reasons = [reason.as_dict() for reason in score.reasons]
    return {"type": "score", "score": score.points, "verdict": score.verdict, "reasons": reasons}


def open_item(state: LeadState, rules: Qualification) -> ChecklistItem | None:
    """What we asked last and wait for."""
    asked = state["memory"]["asked"]
    if not asked or state["memory"]["awaiting"] != ANSWER:
        return None
    return next((item for item in rules.checklist if item.key == asked[-1]), None)


def missed(state: LeadState, lead: Lead, item: ChecklistItem) -> bool:
    """Whether the lead tried to answer and it is not valid."""
    if item.kind == "text":
        return _says_only_yes(state, item)
    answer = read_answer(state["text"], item.kind, _asker(state, lead), _choices(item))
    return answer is None and is_attempt(state["text"], item.kind)


def _find(state: LeadState, lead: Lead, rules: Qualification, *, answering: bool) -> Iterator[tuple[Fact, int]]:
    """Facts in the order in which they were said, each with the place of its message."""
    asked, asker = open_item(state, rules), _asker(state, lead)
    items = {item.key: item for item in rules.checklist}
    answered = False
    for place, event in enumerate(state["events"]):
        text = event.get("text", "")
        stated = [fact for fact in read_facts(text) if _belongs(fact, items)]
        for item in rules.checklist:
            found = _of_item(text, item, asker, is_asked=item is asked)
            if found:
                stated = [fact for fact in stated if fact.field != item.key]
                stated.append(Fact(item.key, *found))
        answered = answered or any(asked is not None and fact.field == asked.key for fact in stated)
        yield from ((fact, place) for fact in stated)
    spoken = answering and not answered and not _is_question(state["text"])
    if asked and asked.kind == "text" and spoken and not _says_only_yes(state, asked):
        answer = read_answer(state["text"], "text", asker)
        if answer:
            yield Fact(asked.key, *answer), _place_of(answer[1], state)


def _of_item(text: str, item: ChecklistItem, asker: Asker, *, is_asked: bool) -> tuple[str, str] | None:
    if item.kind == "text":
        return None
    if is_asked or item.kind in ALWAYS_READ:
        return read_answer(text, item.kind, asker, _choices(item))
    return names_choice(text, item.key, _choices(item)) if item.kind == "choice" else None


def _belongs(fact: Fact, items: Mapping[str, ChecklistItem]) -> bool:
    """What the built-in rules find is no answer to an item of another kind under the same key."""
    item = items.get(fact.field)
    return item is None or item.kind == "text" or (item.kind == "amount" and fact.field == "budget")


def _choices(item: ChecklistItem) -> tuple[Choice, ...]:
    return tuple(Choice(option.value, option.words) for option in item.options)


def _asker(state: LeadState, lead: Lead) -> Asker:
    return Asker(datetime.fromisoformat(state["now"]), lead.timezone or "UTC", lead.phone)


def _place_of(quote: str, state: LeadState) -> int:
    """Of the message that holds the words; what was said over several belongs to the last."""
    events = state["events"]
    return next((place for place, event in enumerate(events) if quote in event.get("text", "")), len(events) - 1)


def _says_only_yes(state: LeadState, item: ChecklistItem) -> bool:
    """To a question that no yes answers: "What would you like to solve?"."""
    return agrees(state["text"]) and not is_yes_or_no(word_for(item.question, state["language"]))


def _is_question(text: str) -> bool:
    return text.rstrip().endswith(("?", "؟"))

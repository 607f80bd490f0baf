"""The qualifier's steps: record what the lead said of its need, then answer and ask the next open question."""

from typing import Any, Literal

from langchain_core.messages import SystemMessage

from graph.state import RECENT, LeadState, Memory
from nodes.facts import ANSWER, missed, note_facts, open_item, score_values
from nodes.history import tell_history
from nodes.models import AskModel, ask_model
from nodes.prompts import fill_prompt
from pipewise.language.phrases import say
from pipewise.lead_desk import LeadDesk
from pipewise.leads import Status
from pipewise.qualification import Score, next_item, rate
from pipewise.qualification_rules import ChecklistItem
from pipewise.wording import word_for

HISTORY = RECENT
WILLING = 0.5  # from this confidence on, a second wish of the turn counts


async def record_facts(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    """Facts with the message and words they come from; an answer to our open question counts as that fact. Whoever
    qualifies by them and asked for a meeting goes on to the scheduler."""
    turn = state["turn"]
    lead = await leads.load(turn["account_id"], turn["lead_id"])
    rules = (await leads.settings(turn["account_id"])).qualification
    noted = note_facts(state, lead, rules, answering=True)
    score = rate(rules, noted["values"].get("facts", lead.facts), state["memory"]["asked"])
    values = {**state["lead_values"], "facts": dict(lead.facts), **score_values(score), **noted["values"]}
    update: dict[str, Any] = {"lead_values": values, "actions": [*state["actions"], *noted["actions"]]}
    if score.verdict == "qualified" and _is_willing(state):
        return {**update, "route": "scheduler"}
    return update


def after_facts(state: LeadState) -> Literal["ask_next", "__end__"]:
    return "__end__" if state["route"] == "scheduler" else "ask_next"


async def ask_next(state: LeadState, *, models: AskModel, leads: LeadDesk, prompt: str) -> dict[str, Any]:
    """Acknowledge, then one question; a short call is proposed once the lead qualifies or nothing is left to ask."""
    turn, memory, facts, language = state["turn"], state["memory"], state["lead_values"]["facts"], state["language"]
    account = await leads.settings(turn["account_id"])
    rules = account.qualification
    lead = await leads.load(turn["account_id"], turn["lead_id"])
    waiting = open_item(state, rules)
    again = waiting is not None and memory["asked"].count(waiting.key) < 2 and missed(state, lead, waiting)
    item = waiting if again else next_item(rules, facts, memory["asked"])
    score = rate(rules, facts, memory["asked"])
    context = {
        "question": _question(item, language, again=again),
        "known": {one.key: facts[one.key]["value"] for one in rules.checklist if one.key in facts},
        "verdict": score.verdict,
        "language": language,
    }
    system = fill_prompt(prompt, context, company=account.company or "", language=language)
    answer, update = await ask_model(state, models, "qualify", [SystemMessage(system), *tell_history(state, HISTORY)])
    asked = [*memory["asked"], item.key] if item else memory["asked"]
    return {
        **update,
        "draft": answer.message.text.strip() if answer else None,
        "draft_by": answer.model if answer else "rules",
        "memory": Memory(**{**memory, "asked": asked, "awaiting": _awaiting(item, score)}),
        "proposal": {**state["proposal"], **_next_status(state["lead"]["status"], score)},
    }


def _question(item: ChecklistItem | None, language: str, *, again: bool) -> str:
    if item is None:
        return ""
    return say("ask_email_invalid", language) if again and item.kind == "email" else _with_options(item, language)


def _with_options(item: ChecklistItem, language: str) -> str:
    question = word_for(item.question, language)
    return f"{question} ({', '.join(option.value for option in item.options)})" if item.options else question


def _awaiting(item: ChecklistItem | None, score: Score) -> str | None:
    if item:
        return ANSWER
    # A call that was proposed is agreed to as an offered time is: "yes" is a meeting wanted.
    return None if score.verdict == "unqualified" else "slot_choice"


def _is_willing(state: LeadState) -> bool:
    wishes = state["intents"][1:]
    return any(wish["label"] == "meeting_request" and wish["confidence"] >= WILLING for wish in wishes)


def _next_status(current: str, score: Score) -> dict[str, str]:
    if score.verdict and current in {Status.NEW, Status.CONTACTED, Status.QUALIFYING}:
        return {"status": score.verdict, "reason": score.sentence()}
    if current == Status.NEW:
        return {"status": Status.CONTACTED.value, "reason": "answered"}
    if current == Status.CONTACTED:
        return {"status": Status.QUALIFYING.value, "reason": "answers questions about the need"}
    return {}

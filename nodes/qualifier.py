"""The qualifier's steps: record what the lead said of its need, then answer and ask the next open question."""

from typing import Any

from langchain_core.messages import SystemMessage

from graph.state import RECENT, LeadState, Memory
from nodes.history import tell_history
from nodes.lead import message_id
from nodes.models import AskModel, ask_model
from nodes.prompts import fill_prompt
from pipewise.language.phrases import say
from pipewise.language.qualification import Fact, read_facts
from pipewise.lead_desk import LeadDesk
from pipewise.leads import Status
from pipewise.qualification import CHECKLIST, merge_facts, next_question, score

HISTORY = RECENT


async def record_facts(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    """Facts with the message and words they come from; an answer to our open question counts as that fact."""
    turn, memory = state["turn"], state["memory"]
    lead = await leads.load(turn["account_id"], turn["lead_id"])
    found = list(read_facts(state["text"]))
    asked = memory["asked"][-1] if memory["asked"] and memory["awaiting"] == "answer" else None
    if asked and state["text"] and not any(fact.field == asked for fact in found) and not _is_question(state["text"]):
        found.append(Fact(asked, state["text"][:200], state["text"][:200]))
    facts: dict[str, Any] = dict(lead.facts)
    actions = []
    for fact in found:
        source = _source_of(fact, state)
        facts = merge_facts(facts, [fact], source, state["now"])
        told = {"field": fact.field, "value": fact.value, "quote": fact.quote, "message_id": source}
        actions.append({"type": "fact", **told})
    values = {**state["lead_values"], "facts": facts, "score": score(facts)}
    return {"lead_values": values, "actions": [*state["actions"], *actions]}


async def ask_next(state: LeadState, *, models: AskModel, leads: LeadDesk, prompt: str) -> dict[str, Any]:
    """Acknowledge, then one question; a short call is proposed once enough is known."""
    memory, facts, language = state["memory"], state["lead_values"]["facts"], state["language"]
    field = next_question(facts, memory["asked"])
    account = await leads.settings(state["turn"]["account_id"])
    context = {
        "question": say(f"ask_{field}", language) if field else "",
        "known": {name: fact["value"] for name, fact in facts.items() if name in CHECKLIST},
        "language": language,
    }
    system = fill_prompt(prompt, context, company=account.company or "", language=language)
    answer, update = await ask_model(state, models, "qualify", [SystemMessage(system), *tell_history(state, HISTORY)])
    asked = [*memory["asked"], field] if field else memory["asked"]
    return {
        **update,
        "draft": answer.message.text.strip() if answer else None,
        "draft_by": answer.model if answer else "rules",
        # A call that was proposed is agreed to as an offered time is: "yes" is a meeting wanted.
        "memory": Memory(**{**memory, "asked": asked, "awaiting": "answer" if field else "slot_choice"}),
        "proposal": {**state["proposal"], **_next_status(state["lead"]["status"])},
    }


def _source_of(fact: Fact, state: LeadState) -> str:
    """The message that holds the words; what was said over several belongs to the last."""
    events = state["events"]
    place = next((place for place, event in enumerate(events) if fact.quote in event["text"]), len(events) - 1)
    return message_id(state["turn"], place, events[place])


def _next_status(current: str) -> dict[str, str]:
    if current == Status.NEW:
        return {"status": Status.CONTACTED.value, "reason": "answered"}
    if current == Status.CONTACTED:
        return {"status": Status.QUALIFYING.value, "reason": "answers questions about the need"}
    return {}


def _is_question(text: str) -> bool:
    return text.rstrip().endswith(("?", "؟"))

"""The qualifier's steps: record what the lead said of its need, then answer and ask the next open question."""

import json
from typing import Any

from langchain_core.messages import SystemMessage

from graph.state import LeadState, Memory
from nodes.classify import AskModel, model_usage
from pipewise.language.qualification import Fact, read_facts
from pipewise.lead_desk import LeadDesk
from pipewise.leads import Status
from pipewise.qualification import CHECKLIST, merge_facts, next_question, score
from pipewise.storage.types import derived_id

HISTORY = 8


async def record_facts(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    """Facts with the message and words they come from; an answer to our open question counts as that fact."""
    turn, memory = state["turn"], state["memory"]
    lead = await leads.load(turn["account_id"], turn["lead_id"])
    found = list(read_facts(state["text"]))
    asked = memory["asked"][-1] if memory["asked"] and memory["awaiting"] == "answer" else None
    if asked and state["text"] and not any(fact.field == asked for fact in found) and not _is_question(state["text"]):
        found.append(Fact(asked, state["text"][:200], state["text"][:200]))
    message_id = state["events"][-1].get("id") or derived_id(turn["run_id"], "in", len(state["events"]) - 1)
    facts = merge_facts(lead.facts, found, message_id, state["now"])
    actions = [
        {"type": "fact", "field": fact.field, "value": fact.value, "quote": fact.quote, "message_id": message_id}
        for fact in found
    ]
    values = {**state["lead_values"], "facts": facts, "score": score(facts)}
    return {"lead_values": values, "actions": [*state["actions"], *actions]}


async def ask_next(state: LeadState, *, models: AskModel, leads: LeadDesk, prompt: str) -> dict[str, Any]:
    """Acknowledge, then one question; a short call is proposed once enough is known."""
    memory, facts = state["memory"], state["lead_values"]["facts"]
    field = next_question(facts, memory["asked"])
    account = await leads.account_facts(state["turn"]["account_id"])
    context = {
        "question": f"ask_{field}" if field else "",
        "known": {name: fact["value"] for name, fact in facts.items() if name in CHECKLIST},
        "language": state["language"],
        "text": state["text"],
    }
    system = (
        prompt.replace("{company}", account.company or "the company")
        .replace("{language}", state["language"])
        .replace("{context}", json.dumps(context, ensure_ascii=False))
    )
    messages = [SystemMessage(system), *list(state["messages"])[-HISTORY:]]
    answer = await models.ask(state["turn"]["account_id"], messages)
    asked = [*memory["asked"], field] if field else memory["asked"]
    return {
        "draft": answer.message.text.strip(),
        "draft_by": answer.model,
        "usage": [*state["usage"], model_usage("qualify", answer)],
        "memory": Memory(**{**memory, "asked": asked, "awaiting": "answer" if field else None}),
        "proposal": {**state["proposal"], **_next_status(state["lead"]["status"])},
    }


def _next_status(current: str) -> dict[str, str]:
    if current == Status.NEW:
        return {"status": Status.CONTACTED.value, "reason": "answered"}
    if current == Status.CONTACTED:
        return {"status": Status.QUALIFYING.value, "reason": "answers questions about the need"}
    return {}


def _is_question(text: str) -> bool:
    return text.rstrip().endswith(("?", "؟"))

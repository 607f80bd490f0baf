"""Small talk, questions about ourselves, one clarifying question, and a polite end to what is out of scope."""

from typing import Any

from graph.state import LeadState, Memory
from pipewise.language.human import asks_if_bot
from pipewise.language.phrases import say
from pipewise.lead_desk import LeadDesk

FOR_BOOKING = frozenset({"email", "name"})


async def converse(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    language = state["language"]
    if state["draft"]:
        return {}
    if state["intent"] == "opt_out" and state["route"] != "clarify":
        return {"draft": say("opt_out_done", language), "proposal": {**state["proposal"], "opt_out": True}}
    account = await leads.settings(state["turn"]["account_id"])
    company = account.company or say("company_default", language)
    if asks_if_bot(state["text"]):
        return {"draft": say("are_you_bot_answer", language, company=company)}
    if state["route"] == "clarify":
        awaiting = state["memory"]["awaiting"] or "slot_choice"  # a bare "yes" means the meeting
        return {"draft": say("clarify", language), "memory": Memory(**{**state["memory"], "awaiting": awaiting})}
    if state["intent"] == "greeting":
        return {"draft": say("greeting", language, company=company)}
    open_question = state["memory"]["awaiting"]
    kept = open_question if open_question in FOR_BOOKING else None  # a time was chosen: what it lacks may still come
    return {"draft": say("out_of_scope", language), "memory": Memory(**{**state["memory"], "awaiting": kept})}

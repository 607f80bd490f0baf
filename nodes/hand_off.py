"""A person is wanted: the lead is told, the agent falls silent, an owner gets a task with what was said."""

from datetime import datetime
from typing import Any

from langchain_core.messages import AnyMessage

from graph.state import LeadState
from nodes.tasks import task, with_task
from pipewise.account_settings import AccountSettings
from pipewise.business_time import next_opening
from pipewise.conversation_summary import render_summary
from pipewise.language.phrases import format_slot, format_timezone, say
from pipewise.lead_desk import LeadDesk
from pipewise.leads import Lead, Status

QUOTED = 6


async def hand_off(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    turn = state["turn"]
    account = await leads.settings(turn["account_id"])
    lead = await leads.load(turn["account_id"], turn["lead_id"])
    detail = "\n".join([*_facts(state, lead), _summary(list(state["messages"]))])
    proposal = {
        **with_task(state["proposal"], task("human_request", "A lead wants to talk to a person", detail)),
        "status": Status.HANDED_OFF.value,
        "reason": "asked for a person",
        "pause_agent": True,
    }
    return {"draft": _told(state, account), "proposal": proposal, "intent": "human_request"}


def _told(state: LeadState, account: AccountSettings) -> str:
    """Outside business hours also when people are back, if the company has said where its clock is."""
    language, now = state["language"], datetime.fromisoformat(state["now"])
    told, back = say("human_handoff", language), next_opening(account, now) if account.timezone else None
    if back is None:
        return told
    zone = state["lead"]["timezone"] or account.timezone or "UTC"
    when = format_slot(back, language=language, timezone=zone)
    return f"{told} {say('back_at', language, when=when, timezone=format_timezone(zone, back))}"


def _facts(state: LeadState, stored: Lead) -> list[str]:
    """Who it is, what is known, and what came before the last messages."""
    facts = {**stored.facts, **state["lead_values"].get("facts", {})}
    lead = {**state["lead"], **state["lead_values"]}
    who = ", ".join(str(lead[name]) for name in ("name", "company", "email", "phone") if lead.get(name))
    meeting = lead.get("meeting")
    lines = [
        ("Lead", who),
        ("Status", str(lead["status"])),
        ("Meeting", f"{meeting['start_time']} ({meeting['status']})" if meeting else ""),
        ("Known", _known(facts)),
        ("Before", render_summary(state.get("summary")).replace("\n", "; ")),
    ]
    return [f"{title}: {told}" for title, told in lines if told]


def _known(facts: dict[str, Any]) -> str:
    told = {name: fact.get("value") if isinstance(fact, dict) else fact for name, fact in facts.items()}
    return "; ".join(f"{name}: {value}" for name, value in told.items() if value not in (None, "", []))[:300]


def _summary(messages: list[AnyMessage]) -> str:
    return "\n".join(
        f"{'Lead' if message.type == 'human' else 'Agent'}: {message.text[:300]}" for message in messages[-QUOTED:]
    )

"""The first and the last look at the lead: load it with what this turn says, and propose what should change."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage

from graph.state import RECENT, EventInput, LeadState, Memory, SaidInput, TurnInput, empty_memory
from nodes.facts import note_facts
from nodes.history import of_colleagues, retell, unseen
from nodes.message_ids import message_id
from nodes.tasks import task, with_task
from nodes.wishes import note_wish
from pipewise.clock import Clock
from pipewise.conversation_summary import Summary, empty_summary, note_decision, note_told, take_in
from pipewise.language.contact import find_company, find_email, find_name, find_phone
from pipewise.language.detect import detect_language
from pipewise.language.spoken_email import read_email_answer
from pipewise.lead_desk import LeadDesk, read_sender
from pipewise.lead_view import lead_as_dict
from pipewise.leads import Lead, Status, steps_to
from pipewise.storage.types import new_id


async def load_lead(state: LeadState, *, desk: LeadDesk, clock: Clock) -> dict[str, Any]:
    """Start a turn: everything that belongs to one turn is set anew."""
    by_hand = state.get("event")
    events = [by_hand] if by_hand else list(state.get("events") or [])
    # A run by hand has no turn yet: what stands there is of an earlier run that did not reach its end.
    turn = (state.get("turn") if not by_hand else None) or await _open_by_hand(events, desk)
    lead = await desk.load(turn["account_id"], turn["lead_id"])
    text = "\n".join(event.get("text", "") for event in events if event.get("text")).strip()
    said = unseen(state)
    memory = _with_offer(state.get("memory") or empty_memory(), said)
    language = _language_of(_own_words(events), lead, memory["awaiting"])
    messages = [*map(retell, said), *_heard(turn, events)]
    return {
        "messages": messages,
        "memory": memory,
        "summary": note_told(_summarize(state, messages), of_colleagues(said)),
        "turn": turn,
        "events": events,
        "event": None,
        "said": None,
        "lead_id": lead.id,
        "lead": lead_as_dict(lead),
        "lead_values": _learn(lead, text, memory["awaiting"], language),
        "text": text,
        "choice_id": next((event["choice_id"] for event in reversed(events) if event.get("choice_id")), None),
        "language": language,
        "now": clock.now().isoformat(),
        "intent": "out_of_scope",
        "intents": [],
        "route": "",
        "routes": [],
        "parts": [],
        "outcome": None,
        "draft": None,
        "draft_by": "rules",
        "reply": None,
        "message": None,
        "proposal": {},
        "actions": [],
        "usage": [],
        "failed_models": [],
        "counters": {},
        "scheduling_integration": None,
        "checks": [],
        "success": True,
    }


def _own_words(events: Sequence[EventInput]) -> str:
    """A tap says our words again: "Do, 26. Nov., 11:00" is no English."""
    return "\n".join(event["text"] for event in events if event.get("text") and not event.get("choice_id")).strip()


def _language_of(text: str, lead: Lead, awaiting: str | None) -> str:
    """Of the message; an address that we asked for, spelled out, is in no language: "ana at silva dot example"."""
    if lead.language and awaiting == "email" and "@" not in text and read_email_answer(text):
        return lead.language
    return detect_language(text, default=lead.language)


def _with_offer(memory: Memory, said: Sequence[SaidInput]) -> Memory:
    """What a follow-up put on offer last counts: the lead answers to the numbers that it read there."""
    offered = next((one["offered"] for one in reversed(said) if one.get("offered")), None)
    if not offered:
        return memory
    return Memory(**{**memory, "offered": offered, "chosen": None, "awaiting": "slot_choice"})


def _heard(turn: TurnInput, events: Sequence[EventInput]) -> list[AnyMessage]:
    return [
        HumanMessage(event["text"], id=message_id(turn, number, event))
        for number, event in enumerate(events)
        if event.get("text")
    ]


def _summarize(state: LeadState, messages: Sequence[AnyMessage]) -> Summary:
    """With what the last turn came to, and the messages that prompts no longer carry."""
    summary = state.get("summary") or empty_summary()
    summary = note_decision(summary, state.get("outcome"))
    past = [*(state.get("messages") or []), *messages][:-RECENT]
    return take_in(summary, [(one.id or "", one.text if one.type == "human" else None) for one in past])


async def update_lead(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    """Turn the outcome into proposals; the committing transaction asks the status machine. What was said of the need beside
    another wish is kept as well."""
    proposal = dict(state["proposal"])
    learned = await _facts_beside(state, leads)
    values = {**state["lead_values"], **learned["values"]}
    outcome = state.get("outcome")
    if "status" not in proposal:
        proposal |= _status_after(state["lead"]["status"], outcome, silent=state["route"] == "silent")
    if outcome and outcome["kind"] == "fallback":
        proposal = with_task(proposal, _fallback_task(outcome))
    if outcome and outcome["kind"] == "uncertain":
        proposal = with_task(proposal, _uncertain_task(outcome))
    lead = {**state["lead"], **{key: value for key, value in values.items() if key in state["lead"]}}
    opt_out = proposal.get("opt_out")
    if opt_out is not None and opt_out != lead["opted_out"]:
        lead |= {"opted_out": opt_out, "status": await _status_after_consent(state, leads, opt_out=opt_out)}
    elif "status" in proposal and steps_to(Status(lead["status"]), Status(proposal["status"])):
        lead["status"] = proposal["status"]
    actions = [*state["actions"], *learned["actions"]]
    memory = note_wish(state)
    update = {"proposal": proposal, "lead": lead, "lead_values": values, "actions": actions}
    return update | ({"memory": memory} if memory else {})


async def _status_after_consent(state: LeadState, leads: LeadDesk, *, opt_out: bool) -> str:
    """Whoever wants to be written to again stands where they stood before."""
    if opt_out:
        return Status.OPTED_OUT.value
    lead = await leads.load(state["turn"]["account_id"], state["turn"]["lead_id"])
    return (lead.status_before_opt_out or Status.CONTACTED).value


async def _facts_beside(state: LeadState, leads: LeadDesk) -> dict[str, Any]:
    """Nothing where the qualifier read them already, and of a lead who wants to be left alone."""
    if "facts" in state["lead_values"] or not state["text"] or state["intent"] == "opt_out":
        return {"values": {}, "actions": []}
    turn = state["turn"]
    account = await leads.settings(turn["account_id"])
    lead = await leads.load(turn["account_id"], turn["lead_id"])
    return note_facts(state, lead, account.qualification, answering=False)


def _status_after(current: str, outcome: dict[str, Any] | None, *, silent: bool) -> dict[str, str]:
    kind = outcome["kind"] if outcome else None
    if kind in {"offer", "link"}:
        return {"status": Status.MEETING_OFFERED.value, "reason": f"{kind} sent"}
    if current == Status.NEW and not silent:
        return {"status": Status.CONTACTED.value, "reason": "answered"}
    return {}


def _fallback_task(outcome: dict[str, Any]) -> dict[str, Any]:
    return task("scheduling_fallback", "A lead could not be offered times", str(outcome["error"]["error"]))


def _uncertain_task(outcome: dict[str, Any]) -> dict[str, Any]:
    told = f"Look in the calendar for {outcome['when']} ({outcome['timezone']}) and tell the lead."
    return task("booking_uncertain", "A booking is not confirmed by the calendar", told)


async def _open_by_hand(events: list[EventInput], desk: LeadDesk) -> TurnInput:
    """A run without a server around it, as in Studio: the first account, no effects."""
    read_sender(events[0] if events else {})
    account_id = await desk.default_account()
    lead_id = await desk.find_or_create(account_id, events[0])
    turn = TurnInput(account_id=account_id, lead_id=lead_id, run_id=new_id(), effects=False)
    if await desk.needs_approval(account_id, events[0]["platform"]):
        turn["approve"] = True
    return turn


def _learn(lead: Lead, text: str, awaiting: str | None, language: str) -> dict[str, Any]:
    """Contact data that the lead wrote, where none is known yet; an e-mail that was asked for replaces the old one."""
    found: dict[str, Any] = {}
    email = read_email_answer(text) if awaiting == "email" else find_email(text)
    if email and (lead.email is None or awaiting == "email"):
        found["email"] = email
    if lead.phone is None:
        found["phone"] = find_phone(text, region=None)
    if lead.name is None or awaiting == "name":
        found["name"] = find_name(text, expected=awaiting == "name")
    if lead.company is None:
        found["company"] = find_company(text)
    if language != lead.language and text:
        found["language"] = language
    return {name: value for name, value in found.items() if value and value != getattr(lead, name)}

"""Before any model: what a lead has a right to, and what needs no thought."""

from typing import Any

from graph.state import LeadState, Memory
from nodes.tasks import LONGEST_DETAIL, task, with_task
from pipewise.language.consent import is_opt_in, is_opt_out
from pipewise.language.contact import find_email
from pipewise.language.human import asks_human, asks_if_bot
from pipewise.language.phrases import say
from pipewise.language.repair import asks_language, asks_repeat
from pipewise.language.solicitations import Solicitor, find_solicitor
from pipewise.language.upset import find_upset

REFUSAL = "out_of_scope"
SPEAKING = frozenset({"text", "choice", "form", ""})


async def gate(state: LeadState) -> dict[str, Any]:
    """Opt-out and opt-in by exact rules; silence while a person speaks; a human when one is asked for, or somebody curses or weeps."""
    lead, text, language = state["lead"], state["text"], state["language"]
    if is_opt_out(text):
        if lead["opted_out"]:
            return _silent("opt_out", "the lead opted out before")
        settled = Memory(**{**state["memory"], "awaiting": None, "clarified": 0})
        return {**_answer("opt_out", say("opt_out_done", language), {"opt_out": True}), "memory": settled}
    if lead["opted_out"]:
        if is_opt_in(text):
            return _answer("greeting", say("opt_in_done", language), {"opt_out": False})
        if not text:
            return _silent("out_of_scope", "the lead opted out")
    if lead["agent"] == "paused":
        return _silent("out_of_scope", "a person has the conversation")
    person = _to_person(state)
    if person:
        return person
    if asks_if_bot(text):
        return {"intent": "greeting", "intents": [_exact("greeting", text)], "route": "converse"}
    if not text and not state["choice_id"]:
        return _without_text(state, language)
    return _repair(state) or _to_solicitor(state) or {"route": ""}


def _to_person(state: LeadState) -> dict[str, Any] | None:
    """A person is asked for, or should answer: somebody curses, is angry or in tears."""
    text, upset = state["text"], find_upset(state["text"])
    if not upset and not asks_human(text):
        return None
    told = [*state["actions"], {"type": "upset", "quote": upset}] if upset else state["actions"]
    return {
        "intent": "human_request",
        "intents": [_exact("human_request", upset or text)],
        "route": "hand_off",
        "actions": told,
    }


def _repair(state: LeadState) -> dict[str, Any] | None:
    """The lead wants the last message again, or another language: nothing else changes."""
    said = next((message.text for message in reversed(state["messages"]) if message.type == "ai"), None)
    if said and asks_repeat(state["text"]):
        return _answer("follow_up", said, {})
    other = _other_address(state)
    if other:
        wrote = task("invitation", "A lead gave another address for a booked meeting", state["text"][:LONGEST_DETAIL])
        return _answer("meeting_change", say("colleague_invites", state["language"]), with_task({}, wrote))
    wanted = asks_language(state["text"])
    if wanted is None:
        return None
    values = {**state["lead_values"], "language": wanted}
    return {**_answer("greeting", say("language_switched", wanted), {}), "lead_values": values, "language": wanted}


def _other_address(state: LeadState) -> str | None:
    """An e-mail address that the invitation of the meeting that stands did not go to. No vendor lets us change it."""
    meeting, given = state["lead"]["meeting"], find_email(state["text"])
    if not given or not meeting or meeting["status"] != "scheduled":
        return None
    invited = str((meeting["invitee"] or {}).get("email") or "")
    return given if invited and given.casefold() != invited.casefold() else None


def _to_solicitor(state: LeadState) -> dict[str, Any] | None:
    found = find_solicitor(state["text"])
    if found is None or (found[0] == "vendor" and state["memory"]["awaiting"] == "answer"):
        return None  # what a company offers may be the answer to what we asked
    return _to_no_lead(state, *found)


def _to_no_lead(state: LeadState, kind: Solicitor, evidence: str) -> dict[str, Any]:
    """A vendor, a job seeker, the press or spam gets one short answer, no question and nothing more. The press has a person's
    attention."""
    if kind in state["lead"]["tags"]:
        return _silent("out_of_scope", f"{kind}: answered before")
    values = {**state["lead_values"], "tags": [*state["lead"]["tags"], kind], "qualified": False}
    told = {"type": "solicitation", "who": kind, "quote": evidence}
    wrote = task("press", "The press wrote", state["text"][:LONGEST_DETAIL])
    phrase, proposal = ("colleague_answers", with_task({}, wrote)) if kind == "press" else (REFUSAL, {})
    answer = _answer("out_of_scope", say(phrase, state["language"]), proposal)
    return {**answer, "lead_values": values, "actions": [*state["actions"], told]}


def _without_text(state: LeadState, language: str) -> dict[str, Any]:
    """Voice notes, pictures and the like: say so once, never silence; nothing at all is an input without a wish."""
    if all(event.get("type", "") in SPEAKING for event in state["events"]):
        return _answer("greeting", None, {})
    return _answer("out_of_scope", say("unsupported_media", language), {})


def _answer(intent: str, draft: str | None, proposal: dict[str, Any]) -> dict[str, Any]:
    return {
        "intent": intent,
        "intents": [_exact(intent, "")],
        "route": "converse",
        "draft": draft,
        "proposal": proposal,
    }


def _silent(intent: str, reason: str) -> dict[str, Any]:
    return {
        "intent": intent,
        "intents": [_exact(intent, "")],
        "route": "silent",
        "actions": [{"type": "silence", "reason": reason}],
    }


def _exact(label: str, evidence: str) -> dict[str, Any]:
    return {"label": label, "confidence": 1.0, "evidence": evidence, "runner_up": None, "by": "rule"}

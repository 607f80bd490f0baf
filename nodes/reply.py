"""The reply's last checks, and the message it becomes: nothing leaves that code cannot justify."""

from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from graph.state import LeadState
from nodes.classify import AskModel, model_usage
from pipewise.errors import Unavailable
from pipewise.language.detect import detect_language
from pipewise.language.phrases import say
from pipewise.language.reply_check import claims_booking, find_times, find_urls, time_problems
from pipewise.lead_desk import LeadDesk
from pipewise.replies import outcome_message, render_outcome
from pipewise.storage.types import derived_id

LONGEST_REPLY = 1000
LANGUAGE_SAMPLE = 40
RULES = frozenset({"rules", "offline"})
REWRITE = (
    "Your draft cannot be sent: {problems}. Write it again. Mention only times that the functions returned, say that a "
    "meeting is booked only if they said so, use only links they gave, answer in language {language}, stay brief."
)


async def check_reply(state: LeadState, *, models: AskModel) -> dict[str, Any]:
    """A draft that fails is rewritten once, then replaced by words that come from the outcome alone."""
    draft = state["draft"]
    if not draft:
        return {"checks": []}
    problems = reply_problems(state, draft)
    if not problems:
        return {"checks": []}
    usage = list(state["usage"])
    if state["draft_by"] not in RULES:
        again = await _rewrite(state, models, draft, problems, usage)
        if again and not reply_problems(state, again):
            return {"draft": again, "checks": [*problems, "rewritten"], "usage": usage}
    return {"draft": safe_reply(state), "draft_by": "rules", "checks": [*problems, "replaced"], "usage": usage}


def reply_problems(state: LeadState, draft: str) -> list[str]:
    """Why a draft must not leave; empty if it may."""
    outcome = state["outcome"] or {}
    zone, now = outcome.get("timezone") or state["lead"]["timezone"] or "UTC", datetime.fromisoformat(state["now"])
    problems: list[str] = time_problems(draft, allowed=_allowed_times(state), timezone=zone, now=now)
    if outcome.get("kind") == "offer" and len(find_times(draft, timezone=zone, now=now)) < len(outcome["slots"]):
        problems.append("it does not list every offered time")
    if claims_booking(draft) and not _is_booked(state):
        problems.append("it says that a meeting is booked, and none is")
    foreign = [url for url in find_urls(draft) if url not in _allowed_urls(state)]
    if foreign:
        problems.append("it holds a link that no function gave")
    if len(draft) > LONGEST_REPLY:
        problems.append(f"it is longer than {LONGEST_REPLY} characters")
    if state["draft_by"] not in RULES and _wrong_language(draft, state["language"]):
        problems.append(f"it is not in the lead's language ({state['language']})")
    return problems


def safe_reply(state: LeadState) -> str:
    if state["outcome"]:
        return render_outcome(state["outcome"], state["language"])
    return say("clarify", state["language"])


async def plan_send(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    """The message as any channel could show it. The very first one says that an assistant writes."""
    ended: dict[str, Any] = {"turn": None, "events": None}
    draft = state["draft"]
    if not draft:
        return {**ended, "reply": None, "message": None}
    text = draft
    if state["lead"]["last_outbound_at"] is None and state["intent"] not in {"greeting", "opt_out"}:
        facts = await leads.account_facts(state["turn"]["account_id"])
        company = facts.company or say("company_default", state["language"])
        text = f"{draft}\n\n{say('disclosure', state['language'], company=company)}"
    message = outcome_message(state["outcome"], text)
    message_id = derived_id(state["turn"]["run_id"], "out", 0)
    return {
        **ended,
        "reply": text,
        "message": message.as_dict(),
        "messages": [AIMessage(text, id=message_id)],
    }


def _allowed_times(state: LeadState) -> list[datetime]:
    """Times that the vendor gave in this turn, or that are booked."""
    outcome = state["outcome"] or {}
    times = [slot["start"] for slot in outcome.get("slots", ())]
    times += [outcome[name] for name in ("start", "end") if outcome.get(name)]
    meeting = state["lead"]["meeting"]
    if meeting:
        times += [meeting[name] for name in ("start_time", "end_time") if meeting[name]]
    return [datetime.fromisoformat(time) for time in times]


def _is_booked(state: LeadState) -> bool:
    if (state["outcome"] or {}).get("kind") in {"booked", "change"}:
        return True
    meeting = state["lead"]["meeting"]
    return bool(meeting and meeting["status"] == "scheduled")


def _allowed_urls(state: LeadState) -> set[str]:
    outcome = state["outcome"] or {}
    return {outcome[name] for name in ("url", "join_url", "reschedule", "cancel") if outcome.get(name)}


def _wrong_language(draft: str, language: str) -> bool:
    return len(draft) >= LANGUAGE_SAMPLE and detect_language(draft, default=language) != language


async def _rewrite(
    state: LeadState, models: AskModel, draft: str, problems: list[str], usage: list[dict[str, Any]]
) -> str | None:
    told = REWRITE.replace("{problems}", "; ".join(problems)).replace("{language}", state["language"])
    facts = render_outcome(state["outcome"], state["language"]) if state["outcome"] else ""
    messages = [SystemMessage(told), HumanMessage(f"Draft:\n{draft}\n\nWhat the functions returned:\n{facts}")]
    try:
        answer = await models.ask(state["turn"]["account_id"], messages, provider_only=True)
    except Unavailable:
        return None
    usage.append(model_usage("rewrite_reply", answer))
    return answer.message.text.strip() or None

"""The reply's last step: check the draft, rewrite it once or replace it, and make it the message that leaves."""

from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from graph.state import LeadState
from nodes.claims import reply_problems
from nodes.models import AskModel, ask_model
from nodes.sources import quoted_in
from pipewise.account_settings import AccountSettings, Disclosure
from pipewise.language.phrases import say
from pipewise.lead_desk import LeadDesk
from pipewise.replies import outcome_message, render_outcome
from pipewise.storage.types import derived_id
from pipewise.wording import word_for

RULES = frozenset({"rules", "offline"})
ACTING = frozenset({"reschedule", "cancel"})
REWRITE = (
    "Your draft cannot be sent: {problems}. Write it again. Mention only times that the functions returned, with their "
    "time zone, say that a meeting is booked only if they said so, use only links they gave, answer in language {language}, "
    "stay brief. Answer with the message alone."
)


async def check_reply(state: LeadState, *, models: AskModel, secrets: frozenset[str]) -> dict[str, Any]:
    """A model's draft that fails is rewritten once, then replaced by words that come from the outcome alone, as those of
    rules do. No lead who is owed an answer gets silence. `secrets` are our instructions, which nobody may hear."""
    draft = state["draft"]
    if not draft:
        return {"draft": safe_reply(state), "draft_by": "rules", "checks": ["there was no draft", "replaced"]}
    if state["draft_by"] in RULES:
        return {"checks": []}
    problems = reply_problems(state, draft, secrets=secrets)
    if not problems:
        return {"checks": []}
    if quoted_in(state):  # other words might say what no source does
        return {"draft": safe_reply(state), "draft_by": "rules", "checks": [*problems, "replaced"]}
    again, update = await _rewrite(state, models, draft, problems)
    if again and not reply_problems(state, again, secrets=secrets):
        return {**update, "draft": again, "checks": [*problems, "rewritten"]}
    return {**update, "draft": safe_reply(state), "draft_by": "rules", "checks": [*problems, "replaced"]}


def safe_reply(state: LeadState) -> str:
    """What the documents say and what was done about the meeting; of several wishes what rules wrote for the others as well."""
    others = [part["text"] for part in state["parts"] if part["text"] and part["by"] in RULES and not part["last"]]
    told = quoted_in(state)
    if not others and told:
        others = [source["quote"] for source in told["sources"]]
    acted = [render_outcome(state["outcome"], state["language"])] if state["outcome"] else []
    acted = [text for text in acted if text not in others]
    return "\n\n".join([*others, *acted]) or say("clarify", state["language"])


async def plan_send(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    """The message as any channel could show it. The very first one says that an assistant writes."""
    ended: dict[str, Any] = {"event": None, "turn": None, "events": None}
    draft = state["draft"]
    if not draft:
        return {**ended, "reply": None, "message": None}
    if needs_review(state):
        ended = {"event": None}
    text = draft
    account = await leads.settings(state["turn"]["account_id"])
    if _must_disclose(state, account.disclosure):
        text = f"{draft}\n\n{disclosure(account, state['language'])}"
    message = outcome_message(state["outcome"], text)
    return {
        **ended,
        "reply": text,
        "message": message.as_dict(),
        "proposal": _with_cap(state["proposal"], account.caps.messages_per_lead_per_day),
        # The vendor's acting links are in the words for the lead; records of the turn do without them.
        "outcome": _without_acting_links(state["outcome"]),
        "messages": [AIMessage(text, id=reply_id(state))],
    }


def disclosure(account: AccountSettings, language: str) -> str:
    """The sentence by which an assistant says that it is one."""
    own = account.disclosure.text
    return (
        word_for(own, language)
        if own
        else say("disclosure", language, company=account.company or say("company_default", language))
    )


def _must_disclose(state: LeadState, rules: Disclosure) -> bool:
    """The built-in greeting says it in its own words; an account's own words replace ours there too."""
    if not rules.first_contact or not _is_first(state) or state["intent"] == "opt_out":
        return False
    return state["intent"] != "greeting" or rules.text is not None


def needs_review(state: LeadState) -> bool:
    """What the lead has a right to, such as to hear that an opt-out counts, waits for nobody."""
    proposal = state["proposal"]
    return bool(state["turn"].get("approve")) and not proposal.get("pause_agent") and proposal.get("opt_out") is None


def reply_id(state: LeadState) -> str:
    """Of the message that the reply becomes."""
    return derived_id(state["turn"]["run_id"], "out", 0)


def _without_acting_links(outcome: dict[str, Any] | None) -> dict[str, Any] | None:
    return {name: value for name, value in outcome.items() if name not in ACTING} if outcome else None


def _with_cap(proposal: dict[str, Any], cap: int | None) -> dict[str, Any]:
    return proposal if cap is None else {**proposal, "message_cap": cap}


def _is_first(state: LeadState) -> bool:
    """Nothing of ours has reached the lead yet. A run without effects sends nothing: there the conversation tells."""
    said = any(isinstance(message, AIMessage) for message in state["messages"])
    return state["lead"]["last_outbound_at"] is None and (state["turn"]["effects"] or not said)


async def _rewrite(
    state: LeadState, models: AskModel, draft: str, problems: list[str]
) -> tuple[str | None, dict[str, Any]]:
    told = REWRITE.replace("{problems}", "; ".join(problems)).replace("{language}", state["language"])
    facts = render_outcome(state["outcome"], state["language"]) if state["outcome"] else "nothing"
    messages = [SystemMessage(told), HumanMessage(f"Draft:\n{draft}\n\nWhat the functions returned:\n{facts}")]
    answer, update = await ask_model(state, models, "rewrite_reply", messages, only="provider")
    return (answer.message.text.strip() if answer else None), update

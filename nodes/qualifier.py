"""The qualifier's steps: record what the lead said of its need, then answer and ask the next open question."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from langchain_core.messages import SystemMessage

from graph.state import RECENT, LeadState, Memory
from nodes.facts import ANSWER, missed, note_facts, note_stated, open_item, score_values
from nodes.history import tell_history
from nodes.models import AskModel, ask_model
from nodes.prompts import fill_prompt
from nodes.reply import RULES
from nodes.sources import FindsKnowledge, LookUp, beside_meeting, look_up, question_task, read_cited, says_none
from nodes.stated_facts import answer_lead, hold_to_words, read_call
from nodes.tasks import with_task
from nodes.wishes import is_beside
from pipewise.language.phrases import say
from pipewise.language.questions import questions_in
from pipewise.lead_desk import LeadDesk
from pipewise.leads import Status
from pipewise.qualification import Score, next_item, rate
from pipewise.qualification_rules import ChecklistItem, Qualification
from pipewise.replies import render_inquiry
from pipewise.wording import word_for

HISTORY = RECENT
MOST_TRIES = 2  # to give one answer


async def record_facts(state: LeadState, *, leads: LeadDesk) -> dict[str, Any]:
    """Facts with the message and words they come from; an answer to our open question counts as that fact."""
    turn = state["turn"]
    lead = await leads.load(turn["account_id"], turn["lead_id"])
    rules = (await leads.settings(turn["account_id"])).qualification
    noted = note_facts(state, lead, rules, answering=True)
    score = rate(rules, noted["values"].get("facts", lead.facts), state["memory"]["asked"])
    values = {**state["lead_values"], "facts": dict(lead.facts), **score_values(score), **noted["values"]}
    return {"lead_values": values, "actions": [*state["actions"], *noted["actions"]]}


def after_facts(state: LeadState) -> Literal["ask_next", "answer_beside"]:
    return "answer_beside" if is_beside(state) else "ask_next"


async def answer_beside(state: LeadState, *, leads: LeadDesk, knowledge: FindsKnowledge) -> dict[str, Any]:
    """Another step of the turn speaks as well, and may ask: here the lead's question is only answered, in the words that are
    written down, or left to a colleague."""
    question = beside_meeting(questions_in(state["text"]))
    if not question:
        return {"draft": None, "draft_by": "rules"}
    account = await leads.settings(state["turn"]["account_id"])
    looked = await look_up(state, account, knowledge, question) or LookUp(question, (), state["language"])
    if not looked.found:
        return {**_colleague_answers(state, looked), "proposal": with_task(state["proposal"], question_task(question))}
    actions, proposal = [*state["actions"], looked.action(looked.best())], _passed_on(state, looked, looked.missing)
    return {"draft": looked.quote(), "draft_by": "rules", "actions": actions, "proposal": proposal}


async def ask_next(
    state: LeadState, *, models: AskModel, leads: LeadDesk, knowledge: FindsKnowledge, prompt: str
) -> dict[str, Any]:
    """Answer from what is written down, or acknowledge; then one question. A short call is proposed once the lead qualifies or
    nothing is left to ask. A provider's model answers and says in the same call which facts it read; code checks those."""
    turn, facts, language = state["turn"], state["lead_values"]["facts"], state["language"]
    account = await leads.settings(turn["account_id"])
    rules = account.qualification
    question = questions_in(state["text"])
    looked = await look_up(state, account, knowledge, question)
    if looked and not looked.found:
        return _leave_to_colleague(state, looked, rate(rules, facts, state["memory"]["asked"]))
    item, again = await _next_item(state, rules, leads)
    passed_on = looked.missing if looked else question
    context = _context(state, rules, looked, _question(item, language, again=again), alone=bool(question))
    if models.has_provider:
        context["fields"] = {one.key: word_for(one.question, language) for one in rules.checklist}
    system = fill_prompt(prompt, context, company=account.company or "", language=language)
    messages = [SystemMessage(system), *tell_history(state, HISTORY)]
    tools = (answer_lead,) if models.has_provider else ()
    answer, update = await ask_model(state, models, "qualify", messages, tools)
    reply, asks, claimed = read_call(answer.message) if answer else ("", "", [])
    if looked and says_none(reply):
        return {**update, **_leave_to_colleague(state, looked, rate(rules, facts, state["memory"]["asked"]))}
    lead = await leads.load(turn["account_id"], turn["lead_id"])
    learned = note_stated(state, rules, hold_to_words(state, lead, rules, claimed))
    by = answer.model if answer else "rules"
    written = _Written(reply, asks, by, context["question"], passed_on)
    return {**update, **_conclude(state, rules, looked, item, written, learned)}


@dataclass(frozen=True)
class _Written:
    """A model's words, which field it says that they ask for, what it was given to ask, and what of the lead's questions is left
    to a colleague."""

    reply: str
    asks: str
    by: str
    question: str
    passed_on: str


def _conclude(
    state: LeadState,
    rules: Qualification,
    looked: LookUp | None,
    item: ChecklistItem | None,
    written: _Written,
    learned: Mapping[str, Any],
) -> dict[str, Any]:
    """The draft, and what the next turn has to know. Words that ask for what was just learned are replaced by the rules' own."""
    memory, values = state["memory"], {**state["lead_values"], **learned["values"]}
    score = rate(rules, values["facts"], memory["asked"])
    state = cast("LeadState", {**state, "lead_values": values, "actions": [*state["actions"], *learned["actions"]]})
    if learned["actions"]:
        following = next_item(rules, values["facts"], memory["asked"])
        if item != following:
            fits = following is not None and written.asks == following.key
            item, question = following, _question(following, state["language"], again=False)
            written = replace(written, question=question, reply=written.reply if fits else "")
    asked = [*memory["asked"], item.key] if item else memory["asked"]
    return {
        **_told(state, looked, written, score),
        "lead_values": values,
        "memory": Memory(**{**memory, "asked": asked, "awaiting": _awaiting(item, score)}),
        "proposal": {**_passed_on(state, looked, written.passed_on), **_next_status(state["lead"]["status"], score)},
    }


def _passed_on(state: LeadState, looked: LookUp | None, question: str) -> dict[str, Any]:
    """The turn's proposal, with a person's task for what nothing is written about."""
    proposal = state["proposal"]
    return with_task(proposal, question_task(question, folder=looked is not None)) if question else proposal


def _context(
    state: LeadState, rules: Qualification, looked: LookUp | None, question: str, *, alone: bool
) -> dict[str, Any]:
    """What the model is told. `alone`: the lead asks, and without a folder a colleague has to answer."""
    facts = state["lead_values"]["facts"]
    return {
        "question": question,
        "known": {one.key: facts[one.key]["value"] for one in rules.checklist if one.key in facts},
        "verdict": rate(rules, facts, state["memory"]["asked"]).verdict,
        "language": state["language"],
        **({"sources": looked.for_model(), "quote": looked.quote(), "told": looked.told} if looked else {}),
        **({"passed_on": True} if alone and looked is None else {}),
    }


async def _next_item(state: LeadState, rules: Qualification, leads: LeadDesk) -> tuple[ChecklistItem | None, bool]:
    """What to ask, and whether it is what was asked before: an answer that is not valid gets a second try."""
    memory, facts = state["memory"], state["lead_values"]["facts"]
    lead = await leads.load(state["turn"]["account_id"], state["turn"]["lead_id"])
    waiting = open_item(state, rules)
    if waiting and memory["asked"].count(waiting.key) < MOST_TRIES and missed(state, lead, waiting):
        return waiting, True
    return next_item(rules, facts, memory["asked"]), False


def _told(state: LeadState, looked: LookUp | None, written: _Written, score: Score) -> dict[str, Any]:
    """The draft; one about what is written down stands only with a source that is there, else the source speaks itself."""
    draft, by, question = written.reply, written.by, written.question
    if looked is None:
        own = render_inquiry(state["language"], question, score.verdict, passed_on=bool(written.passed_on))
        return {"draft": draft or own, "draft_by": by if draft else "rules", "actions": state["actions"]}
    told = f"{state['text']} {question} {looked.quote() if by in RULES else ''}"
    text, cited = read_cited(draft, looked, asked=told)
    if not cited:
        text, cited, by = "\n\n".join(filter(None, (looked.quote(), question))), looked.best(), "rules"
    return {"draft": text, "draft_by": by, "actions": [*state["actions"], looked.action(cited)]}


def _leave_to_colleague(state: LeadState, looked: LookUp, score: Score) -> dict[str, Any]:
    """Nothing is written about it: no claim is made, and a person has a task."""
    proposal = {**state["proposal"], **_next_status(state["lead"]["status"], score)}
    return {**_colleague_answers(state, looked), "proposal": with_task(proposal, question_task(looked.question))}


def _colleague_answers(state: LeadState, looked: LookUp) -> dict[str, Any]:
    return {
        "draft": say("colleague_answers", state["language"]),
        "draft_by": "rules",
        "actions": [*state["actions"], looked.action(())],
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


def _next_status(current: str, score: Score) -> dict[str, str]:
    if score.verdict and current in {Status.NEW, Status.CONTACTED, Status.QUALIFYING}:
        return {"status": score.verdict, "reason": score.sentence()}
    if current == Status.NEW:
        return {"status": Status.CONTACTED.value, "reason": "answered"}
    if current == Status.CONTACTED:
        return {"status": Status.QUALIFYING.value, "reason": "answers questions about the need"}
    return {}

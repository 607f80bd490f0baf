"""The main graph: load, gate, classify, one specialist, check, update, plan the send."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from langgraph.graph import END, START, StateGraph

from graph.follow_up import build_follow_up
from graph.pacing import paced, telling
from graph.qualifier import build_qualifier
from graph.routing import SPECIALIST_OF, after_gate, after_gather, after_intent, after_plan, after_specialist
from graph.scheduler import build_scheduler
from graph.state import GraphInput, GraphOutput, LeadState
from nodes.claims import prompt_sentences
from nodes.classify import classify_intent
from nodes.converse import converse
from nodes.gate import gate
from nodes.hand_off import hand_off
from nodes.lead import load_lead, update_lead
from nodes.models import AskModel
from nodes.prompts import load_prompt
from nodes.reply import check_reply, plan_send
from nodes.review import review
from nodes.sources import FindsKnowledge
from nodes.wishes import gather
from pipewise.clock import Clock
from pipewise.desk_builder import DeskBuilder
from pipewise.language.late_intent_model import LateIntentModel
from pipewise.lead_desk import LeadDesk
from pipewise.meeting_links import MeetingLinks
from pipewise.priority import AckPriority
from tools.scheduling import scheduling_tools


@dataclass(frozen=True)
class Collaborators:
    """What the steps work with; made once per process."""

    clock: Clock
    leads: LeadDesk
    desks: DeskBuilder
    links: MeetingLinks
    models: AskModel
    knowledge: FindsKnowledge
    intents: LateIntentModel
    priority: AckPriority


def build_graph(
    parts: Collaborators, read_prompt: Callable[[str], str] = load_prompt
) -> StateGraph[Any, Any, Any, Any]:
    """The topology, not compiled: the caller attaches a checkpointer, or the dev server does."""
    scheduler, qualifier = _build_agents(parts, read_prompt)
    intent = read_prompt("intent")
    classify = partial(
        classify_intent, trained=parts.intents, models=parts.models, prompt=intent, specialist_of=SPECIALIST_OF
    )
    pace = partial(paced, priority=parts.priority)
    secrets = prompt_sentences(intent, read_prompt("scheduler"), read_prompt("qualifier"))
    check = partial(check_reply, models=parts.models, secrets=secrets)
    return (
        StateGraph(LeadState, input_schema=GraphInput, output_schema=GraphOutput)
        .add_node("load_lead", pace(partial(load_lead, desk=parts.leads, clock=parts.clock)))
        .add_node("gate", gate)
        .add_node("classify_intent", pace(telling(classify, "classified", "intent", "route")))
        .add_node("scheduler", scheduler)
        .add_node("qualifier", qualifier)
        .add_node("follow_up", build_follow_up())
        .add_node("converse", partial(converse, leads=parts.leads))
        .add_node("hand_off", partial(hand_off, leads=parts.leads))
        .add_node("gather", gather)
        .add_node("check_reply", pace(telling(check, "reply checked", "checks")))
        .add_node("update_lead", partial(update_lead, leads=parts.leads))
        .add_node("plan_send", pace(partial(plan_send, leads=parts.leads)))
        .add_node("review", review)
        .add_edge(START, "load_lead")
        .add_edge("load_lead", "gate")
        .add_conditional_edges("gate", after_gate)
        .add_conditional_edges("classify_intent", after_intent)
        .add_conditional_edges("qualifier", after_specialist)
        .add_conditional_edges("scheduler", after_specialist)
        .add_conditional_edges("follow_up", after_specialist)
        .add_conditional_edges("gather", after_gather)
        .add_edge("converse", "check_reply")
        .add_edge("hand_off", "check_reply")
        .add_edge("check_reply", "update_lead")
        .add_edge("update_lead", "plan_send")
        .add_conditional_edges("plan_send", after_plan)
        .add_edge("review", END)
    )


def _build_agents(parts: Collaborators, read_prompt: Callable[[str], str]) -> tuple[Any, Any]:
    """The scheduler and the qualifier."""
    scheduler = build_scheduler(
        models=parts.models,
        desks=parts.desks,
        leads=parts.leads,
        links=parts.links,
        tools=scheduling_tools(),
        priority=parts.priority,
        prompt=read_prompt("scheduler"),
    )
    qualifier = build_qualifier(
        models=parts.models,
        leads=parts.leads,
        knowledge=parts.knowledge,
        priority=parts.priority,
        prompt=read_prompt("qualifier"),
    )
    return scheduler, qualifier

"""`pipewise eval`: the evaluation suites, offline by default."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipewise.cli.output import FINE, NOT_HELD, Arguments, note, show
from pipewise.errors import InvalidInput

if TYPE_CHECKING:
    from nodes.models import AskModel
    from pipewise.evaluation.intent import Example, Guess
    from pipewise.evaluation.report import SuiteReport
    from pipewise.language.intent_model import IntentModel
    from pipewise.settings import Settings

# Commands import what they need when they run: `pipewise --version` loads neither LangGraph nor the database.
# ruff: noqa: PLC0415

CHECKOUT = Path(__file__).parents[2]
SOME_DAY = "2026-06-01T12:00:00+00:00"  # no label depends on which day it is
HELD_OUT = CHECKOUT / "pipewise" / "evaluation" / "data" / "intent_heldout.jsonl"  # where it is installed, too


def evaluate(arguments: Arguments) -> int:
    report = SUITES[arguments.suite](arguments)
    show(report.table())
    target = Path(arguments.json or f"eval-{report.suite}.json")
    target.write_text(f"{json.dumps(report.as_dict(), indent=2)}\n", encoding="utf-8")
    note(f"written to {target}")
    return FINE if report.holds else NOT_HELD


def intent_suite(arguments: Arguments) -> "SuiteReport":
    from pipewise.evaluation.intent import read_examples
    from pipewise.settings import load_settings

    examples = read_examples(Path(arguments.data) if arguments.data else HELD_OUT)
    return asyncio.run(_measure_intent(load_settings(model=arguments.model), arguments.model, examples))


async def _measure_intent(settings: "Settings", model: str, examples: "Sequence[Example]") -> "SuiteReport":
    from graph.models import open_models
    from pipewise.evaluation import intent
    from pipewise.language.intent import ConversationContext, classify
    from pipewise.language.intent_model import load_intent_model

    nowhere = ConversationContext()
    classify(
        "hello", context=nowhere
    )  # the tables of the rules are built at first use and are there without the weights
    before = intent.resident_mb()
    trained = load_intent_model()
    classify("hello", context=nowhere, trained=trained)
    memory = intent.resident_mb() - before
    async with open_models(settings, _allow) as models:
        clock = time.perf_counter if models.has_provider else time.thread_time
        answers = await intent.put_to(_guess_of(models, trained), examples, clock=clock)
    return intent.report(examples, answers, memory_mb=memory, asked=model)


async def _allow(_account: str) -> bool:
    """Whoever names a model here pays for it: no daily budget."""
    return True


def _guess_of(models: "AskModel", trained: "IntentModel") -> "Guess":
    """The step of the graph itself, for a lead of whom nothing is known."""
    from graph.routing import SPECIALIST_OF
    from graph.state import LeadState, TurnInput, empty_memory
    from nodes.classify import classify_intent
    from nodes.prompts import load_prompt
    from pipewise.language.late_intent_model import LateIntentModel

    prompt = load_prompt("intent")
    turn = TurnInput(account_id="", lead_id="", run_id="", effects=False)

    async def guess(text: str) -> tuple[str, float]:
        state = LeadState(
            text=text,
            choice_id=None,
            memory=empty_memory(),
            lead={"meeting": None, "timezone": None},
            now=SOME_DAY,
            turn=turn,
            usage=[],
            failed_models=[],
        )
        update = await classify_intent(
            state, trained=LateIntentModel(trained), models=models, prompt=prompt, specialist_of=SPECIALIST_OF
        )
        first = update["intents"][0]
        return first["label"], first["confidence"]

    return guess


def scenarios_suite(arguments: Arguments) -> "SuiteReport":
    """Whole conversations with simulated leads; what failed goes beside the figures, with its transcript."""
    if not (CHECKOUT / "evals" / "scenarios").is_dir():
        raise InvalidInput(
            "The scenarios are not part of an installed package: run `pipewise eval --suite scenarios` in a checkout of the "
            "project, whose folder evals/scenarios holds them."
        )
    if str(CHECKOUT) not in sys.path:
        sys.path.append(str(CHECKOUT))
    from evals.scenarios.run import choose, report, run_scenarios, write_failures

    logging.disable(logging.ERROR)  # vendors fail on purpose here
    chosen = choose(arguments.only)
    if not chosen:
        raise InvalidInput(f"No scenario has {arguments.only!r} in its name.")
    verdicts = asyncio.run(run_scenarios(chosen, trials=arguments.trials, model=arguments.model))
    failures = Path(arguments.json or "eval-scenarios.json").with_suffix(".failures.jsonl")
    write_failures(verdicts, failures)
    note(f"conversations that failed are in {failures}")
    return report(verdicts)


SUITES: "dict[str, Callable[[Arguments], SuiteReport]]" = {"intent": intent_suite, "scenarios": scenarios_suite}

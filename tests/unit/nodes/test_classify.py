"""Intent: rules when they are sure, a provider's model when not, one question back, then a person."""

from dataclasses import replace
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from graph.routing import SPECIALIST_OF
from graph.state import LeadState
from nodes.classify import HUMAN_UNSURE, TOO_UNSURE, classify_intent, label_intent
from nodes.prompts import load_prompt
from pipewise.language.intent import INTENTS
from pipewise.language.intent_model import load_intent_model
from pipewise.language.late_intent_model import LateIntentModel
from pipewise.leads import Status
from tests.unit.nodes.stage import ANA, FREE, MEETING, FakeModels, calls, make_state, offered, remembering

PROMPT = load_prompt("intent")
TRAINED = load_intent_model()
RIDDLE = "zorp wibble"


def labelled(label: Any, confidence: Any = 0.9) -> AIMessage:
    return calls(("label_intent", {"label": label, "confidence": confidence, "evidence": "because"}))


async def classify(state: LeadState, models: FakeModels | None = None) -> dict[str, Any]:
    return await classify_intent(
        state,
        trained=LateIntentModel(TRAINED),
        models=models or FakeModels(has_provider=False),
        prompt=PROMPT,
        specialist_of=SPECIALIST_OF,
    )


async def test_a_tap_on_an_offered_time_needs_no_words() -> None:
    state = make_state(events=[{"type": "choice", "choice_id": "slot_2"}], memory=remembering(offered=offered(*FREE)))
    update = await classify(state)
    assert (update["intent"], update["route"]) == ("meeting_request", "scheduler")
    assert update["intents"] == [
        {"label": "meeting_request", "confidence": 1.0, "evidence": "slot_2", "runner_up": None, "by": "choice"}
    ]


async def test_a_tap_on_a_time_of_an_older_offer_is_about_the_meeting_too() -> None:
    update = await classify(make_state(events=[{"type": "choice", "choice_id": "slot_2", "text": "Tue 3 Mar, 15:00"}]))
    assert (update["intent"], update["route"]) == ("meeting_request", "scheduler")


async def test_a_clear_wish_asks_no_model() -> None:
    models = FakeModels()
    update = await classify(make_state("Schedule a demo"), models)
    assert (update["intent"], update["route"], models.asked) == ("meeting_request", "scheduler", [])
    first = update["intents"][0]
    assert first["evidence"] in "Schedule a demo"
    assert first["confidence"] >= 0.7
    assert first["by"] == "offline"


async def test_several_wishes_are_kept_in_the_order_they_were_said() -> None:
    update = await classify(make_state("What does it cost? And can we book a call for Tuesday?"))
    assert [guess["label"] for guess in update["intents"]] == ["lead_inquiry", "meeting_request"]
    assert update["intent"] == "lead_inquiry"


@pytest.mark.parametrize("label", INTENTS)
async def test_an_unsure_guess_is_put_to_the_model(label: str) -> None:
    models = FakeModels(labelled(label))
    update = await classify(make_state(RIDDLE), models)
    assert (update["intent"], update["route"]) == (label, SPECIALIST_OF[label])
    assert update["intents"][0]["by"] == "openai:fake"
    assert len(update["intents"]) > 1, "the rules' own guess stays on record"
    assert [(row["action"], row["cost_microusd"]) for row in update["usage"]] == [("classify_intent", 30)]
    assert (
        models.options[0] | {"force": "label_intent", "only": "provider", "tools": ["label_intent"]}
        == models.options[0]
    )
    assert "{context}" not in str(models.asked[0][0].content)


@pytest.mark.parametrize(
    "answer",
    [
        labelled("wire_money"),
        labelled("greeting", "very"),
        labelled("greeting", None),
        labelled("greeting", float("nan")),
        calls(("label_intent", {})),
    ],
)
async def test_a_label_that_cannot_be_read_leaves_the_rules_guess(answer: AIMessage) -> None:
    update = await classify(make_state(RIDDLE), FakeModels(answer))
    assert all(guess["by"] == "offline" for guess in update["intents"])
    assert update["usage"][0]["success"]


async def test_a_model_may_not_be_more_than_sure() -> None:
    update = await classify(make_state(RIDDLE), FakeModels(labelled("greeting", 7)))
    assert update["intents"][0]["confidence"] == 1.0


async def test_a_silent_provider_is_recorded_and_left_alone_for_the_turn() -> None:
    update = await classify(make_state(RIDDLE), FakeModels(None))
    assert update["failed_models"] == ["openai:fake"]
    assert [(row["success"], row["model"], row["reason"]) for row in update["usage"]] == [
        (False, "openai:fake", "RateLimitError")
    ]


async def test_who_cannot_be_understood_is_asked_once_and_then_gets_a_person() -> None:
    first = await classify(make_state(RIDDLE))
    assert (first["route"], first["memory"]["clarified"]) == ("clarify", 1)
    assert first["intents"][0]["confidence"] < TOO_UNSURE
    second = await classify(make_state("vrop quux", memory=first["memory"]))
    assert (second["intent"], second["route"]) == ("human_request", "hand_off")


async def test_an_understood_message_ends_the_counting() -> None:
    update = await classify(make_state("Schedule a demo", memory=remembering(clarified=1)))
    assert update["memory"]["clarified"] == 0


async def test_an_answer_to_our_question_belongs_to_who_asked() -> None:
    update = await classify(
        make_state("ana@silva.example", memory=remembering(awaiting="email", offered=offered(*FREE)))
    )
    assert update["route"] == "scheduler"
    update = await classify(make_state("about a dozen", memory=remembering(awaiting="answer", asked=["company_size"])))
    assert update["route"] == "qualifier"


async def test_the_model_hears_of_a_meeting_only_while_it_stands() -> None:
    for status, told in (("scheduled", "true"), ("canceled", "false")):
        models = FakeModels(labelled("greeting"))
        await classify(make_state(RIDDLE, replace(ANA, meeting=replace(MEETING, status=status))), models)
        assert f'"has_meeting": {told}' in str(models.asked[0][0].content)


def test_the_label_function_lists_exactly_our_intents() -> None:
    schema: Any = label_intent.tool_call_schema
    assert set(schema.model_json_schema()["properties"]["label"]["enum"]) == set(INTENTS)


OUT = replace(ANA, opted_out=True, status=Status.OPTED_OUT)


async def test_thanks_after_an_opt_out_are_not_answered() -> None:
    update = await classify(make_state("Great, thank you", OUT))
    assert (update["route"], update["actions"][-1]["type"]) == ("silent", "silence")
    assert "proposal" not in update


async def test_more_than_a_word_after_an_opt_out_goes_to_a_person() -> None:
    update = await classify(make_state("well I wish you all a good summer then", OUT))
    assert update["route"] == "silent"
    assert [task["kind"] for task in update["proposal"]["tasks"]] == ["opted_out"]


async def test_what_is_asked_after_an_opt_out_is_answered() -> None:
    assert (await classify(make_state("Schedule a demo", OUT)))["route"] == "scheduler"


async def test_nobody_is_handed_over_on_a_guess() -> None:
    unsure = make_state("salut, il y a quelqu'un ?")
    update = await classify(unsure)
    assert update["intents"][0]["label"] == "human_request"
    assert update["intents"][0]["confidence"] < HUMAN_UNSURE
    assert update["route"] == "clarify"


async def test_an_unsure_yes_to_our_own_question_counts() -> None:
    asked = make_state("Sim, uma chamada seria boa", memory=remembering(clarified=1, awaiting="slot_choice"))
    update = await classify(asked)
    assert (update["intent"], update["route"]) == ("meeting_request", "scheduler")


async def test_a_turn_that_began_before_the_weights_were_read_is_answered_by_rules() -> None:
    """Its record says so, and a replay with the weights in hand comes out the same."""
    state = make_state("Could I get a hold of you lot sometime, my inbox is a mess and I want to see it work")
    with_weights = await classify(state)
    state["turn"]["by_rules"] = True
    by_rules = await classify(state)
    assert by_rules["intents"] != with_weights["intents"]
    state["turn"].pop("by_rules")
    early = await classify_intent(
        state,
        trained=LateIntentModel(),
        models=FakeModels(has_provider=False),
        prompt=PROMPT,
        specialist_of=SPECIALIST_OF,
    )
    assert early["intents"] == by_rules["intents"]

"""What the model is shown of the functions: handles and wishes, never an id, a recipient, a URL or the desk."""

import json
import re
from typing import Any

import pytest
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ValidationError

from pipewise.scheduling_desk import Memory, SchedulingDesk
from tests.unit.nodes.stage import FREE, FakeDesks, offered
from tools.scheduling import scheduling_tools

NAMES = (
    "get_lead_by_id",
    "get_calendly_event_types",
    "find_best_meeting_slot",
    "schedule_meeting_for_lead",
    "create_calendly_scheduling_link",
)
PARAMETERS = {
    "get_lead_by_id": {},
    "get_calendly_event_types": {},
    "find_best_meeting_slot": {"event_type", "wish"},
    "schedule_meeting_for_lead": {"slot"},
    "create_calendly_scheduling_link": {"event_type"},
}
TOOLS = {tool.name: tool for tool in scheduling_tools()}


async def a_desk(**more: Any) -> SchedulingDesk:
    memory = Memory(offered(*FREE))
    return await FakeDesks(**more).open(
        "account-1", "lead-1", "run-1", memory=memory, learned={"email": "ana@silva.example"}, language="en", words="hi"
    )


def test_the_functions_have_their_promised_names() -> None:
    assert tuple(TOOLS) == NAMES


@pytest.mark.parametrize("tool", TOOLS.values(), ids=list(TOOLS))
def test_a_schema_holds_only_what_the_model_may_choose(tool: BaseTool) -> None:
    function = convert_to_openai_tool(tool)["function"]
    parameters = function["parameters"]
    assert set(parameters["properties"]) == set(PARAMETERS[tool.name])
    named = [word for name in parameters["properties"] for word in name.split("_")]
    assert not {"desk", "id", "lead", "email", "url", "uri", "account", "tenant", "to", "recipient"} & set(named)
    assert "SchedulingDesk" not in json.dumps(function)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=list(TOOLS))
def test_the_model_reads_what_a_function_is_for(tool: BaseTool) -> None:
    assert len(tool.description) > 60
    assert "desk" not in tool.description.lower()
    spoken_of = set(re.findall(r"`(\w+)`:", tool.description))
    assert spoken_of <= set(PARAMETERS[tool.name])
    assert spoken_of == set(PARAMETERS[tool.name])


async def test_extra_arguments_are_left_out_and_the_desk_is_ours() -> None:
    desk = await a_desk()
    forged = {"slot": "slot_1", "lead_id": "lead-2", "email": "evil@attacker.example", "start": "2026-03-04T10:00:00Z"}
    result = await TOOLS["schedule_meeting_for_lead"].ainvoke({**forged, "desk": desk})
    assert (result["kind"], result["email"], result["start"]) == ("booked", "ana@silva.example", FREE[0].isoformat())


async def test_a_desk_that_the_model_makes_up_is_no_desk() -> None:
    with pytest.raises(ValidationError):
        await TOOLS["get_lead_by_id"].ainvoke({"desk": {"lead": "lead-2"}})


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("get_lead_by_id", {}, "lead"),
        ("get_calendly_event_types", {}, "event_types"),
        ("find_best_meeting_slot", {}, "offer"),
        ("find_best_meeting_slot", {"event_type": "type_99", "wish": "x" * 5000}, "offer"),
        ("create_calendly_scheduling_link", {}, "link"),
        ("schedule_meeting_for_lead", {"slot": "slot_3"}, "booked"),
    ],
)
async def test_every_function_answers_with_a_kind_and_no_id_of_ours(
    name: str, arguments: dict[str, Any], kind: str
) -> None:
    result = await TOOLS[name].ainvoke({**arguments, "desk": await a_desk()})
    assert result["kind"] == kind
    told = json.dumps({key: value for key, value in result.items() if key != "url"})
    assert not [word for word in ("lead-1", "account-1", "run-1", "/event_types/", "351911000001") if word in told]


@pytest.mark.parametrize("name", NAMES[1:])
async def test_without_a_calendar_every_function_falls_back(name: str) -> None:
    arguments = {"slot": "slot_1"} if "slot" in PARAMETERS[name] else {}
    result = await TOOLS[name].ainvoke({**arguments, "desk": await a_desk(connected=False)})
    assert (result["kind"], result["url"], result["error"]["code"]) == ("fallback", None, "calendly_not_connected")

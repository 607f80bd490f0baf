"""What a client may ask of a run."""

from typing import Any

import pytest

from graph.run_spec import RunSpec, build_command, check_spec, check_values, read_answer, read_spec
from pipewise.errors import InvalidInput

NODES = frozenset({"gate", "check_reply"})
EVENT = {"platform": "whatsapp", "sender": "351911000222", "text": "hello"}


@pytest.mark.parametrize(
    "spec",
    [
        RunSpec(input={"event": EVENT}),
        RunSpec(input={"event": EVENT, "deliver": True}, stop_before=("*",)),
        RunSpec(command={"resume": {"action": "accept"}}),
        RunSpec(command={"resume": {"0" * 32: {"action": "edit", "text": "Hello"}}}),
        RunSpec(command={"goto": "gate", "update": {"language": "pt"}}),
        RunSpec(stop_after=("gate",)),
    ],
)
def test_what_is_allowed(spec: RunSpec) -> None:
    check_spec(spec, NODES)
    assert read_spec(spec.as_dict()) == spec


@pytest.mark.parametrize(
    "spec",
    [
        RunSpec(input={}),
        RunSpec(input={"event": {**EVENT, "sender": ""}}),
        RunSpec(input={"event": {**EVENT, "name": {"first": "Ana"}}}),
        RunSpec(input={"event": {**EVENT, "external_id": "x" * 501}}),
        RunSpec(command={}),
        RunSpec(command={"send": 1}),
        RunSpec(command={"resume": {"action": "send"}}),
        RunSpec(command={"resume": {"action": "edit"}}),
        RunSpec(command={"resume": "yes"}),
        RunSpec(command={"goto": "nowhere"}),
        RunSpec(command={"goto": {"node": "gate", "input": {"turn": {}}}}),
        RunSpec(command={"update": {"turn": {}}}),
        RunSpec(stop_before=("nowhere",)),
    ],
)
def test_what_is_not(spec: RunSpec) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_spec(spec, NODES)
    assert refused.value.details


@pytest.mark.parametrize("values", [{"lead_id": "1"}, {"proposal": {}}, [{"language": "pt"}, 5], "text"])
def test_what_only_the_server_says_cannot_be_written(values: Any) -> None:
    with pytest.raises(InvalidInput):
        check_values(values)


def test_a_command_is_built_as_the_graph_takes_it() -> None:
    command = build_command({"goto": "gate", "update": {"language": "pt"}})
    assert (command.goto, command.update, command.resume) == (["gate"], {"language": "pt"}, None)
    assert read_answer({"action": "respond", "text": "Hi"}).text == "Hi"

"""What the official client does with a server, the same against ours on both databases and LangGraph's own."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.errors import ConflictError, NotFoundError, UnprocessableEntityError

STEPS = ["load_lead", "gate", "classify_intent", "scheduler", "check_reply", "update_lead", "plan_send"]
ABSENT = "00000000-0000-4000-8000-000000000000"


def event(text: str = "Schedule a demo", sender: str = "351911000333") -> dict[str, Any]:
    return {"event": {"platform": "whatsapp", "sender": sender, "text": text}}


async def new_thread(client: LangGraphClient, **more: Any) -> str:
    return (await client.threads.create(**more))["thread_id"]


async def test_the_assistant_is_found_by_its_graph_and_by_its_id(client: LangGraphClient) -> None:
    (found,) = await client.assistants.search(graph_id="pipewise")
    assert found["graph_id"] == "pipewise"
    assert (await client.assistants.get(found["assistant_id"]))["name"] == "pipewise"
    assert await client.assistants.count() == 1
    output = await client.runs.wait(None, found["assistant_id"], input=event("hello"))
    assert isinstance(output, dict)
    assert output["intent"] == "greeting"


async def test_the_graph_and_its_schemas_are_described(client: LangGraphClient) -> None:
    graph = await client.assistants.get_graph("pipewise", xray=True)
    assert {"gate", "review", "scheduler:think"} <= {str(node["id"]) for node in graph["nodes"]}
    (found,) = await client.assistants.search()
    schemas = await client.assistants.get_schemas(found["assistant_id"])
    assert schemas["input_schema"] is not None
    assert "event" in schemas["input_schema"]["properties"]
    assert schemas["output_schema"] is not None
    assert {"intent", "reply", "lead"} <= set(schemas["output_schema"]["properties"])
    assert "scheduler" in await client.assistants.get_subgraphs(found["assistant_id"])


async def test_a_run_on_a_thread_answers_and_leaves_its_state(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    output = await client.runs.wait(thread_id, "pipewise", input=event())
    assert isinstance(output, dict)
    assert set(output) >= {"intent", "reply", "lead_id", "lead", "actions"}
    assert (output["intent"], output["lead"]["id"]) == ("meeting_request", output["lead_id"])
    state: Any = await client.threads.get_state(thread_id)
    assert [message["type"] for message in state["values"]["messages"]] == ["human", "ai"]
    assert state["values"]["messages"][-1]["content"] == output["reply"]
    assert (list(state["next"]), state["checkpoint"]["thread_id"]) == ([], thread_id)
    thread: Any = await client.threads.get(thread_id)
    assert (thread["status"], thread["values"]["reply"]) == ("idle", output["reply"])


async def test_a_thread_remembers_from_run_to_run(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    for text in ("hello", "what does it cost?"):
        await client.runs.wait(thread_id, "pipewise", input=event(text, "351911000334"))
    state: Any = await client.threads.get_state(thread_id)
    assert [message["content"] for message in state["values"]["messages"][::2]] == ["hello", "what does it cost?"]


async def test_threads_are_made_found_changed_and_removed(client: LangGraphClient) -> None:
    thread_id, mark = str(uuid.uuid4()), uuid.uuid4().hex
    made = await client.threads.create(thread_id=thread_id, metadata={"mark": mark, "kind": "a"})
    assert (made["thread_id"], made["status"]) == (thread_id, "idle")
    with pytest.raises(ConflictError):
        await client.threads.create(thread_id=thread_id)
    again = await client.threads.create(thread_id=thread_id, if_exists="do_nothing")
    assert (again["metadata"] or {})["mark"] == mark
    await new_thread(client, metadata={"mark": mark, "kind": "b"})
    found = await client.threads.search(metadata={"mark": mark})
    assert len(found) == await client.threads.count(metadata={"mark": mark}) == 2
    assert [one["thread_id"] for one in await client.threads.search(metadata={"mark": mark, "kind": "a"})] == [
        thread_id
    ]
    assert [one["thread_id"] for one in await client.threads.search(ids=[thread_id])] == [thread_id]
    assert len(await client.threads.search(metadata={"mark": mark}, limit=1, offset=1)) == 1
    changed = await client.threads.update(thread_id, metadata={"kind": "c"})
    assert (changed["metadata"] or {}) | {"mark": mark, "kind": "c"} == changed["metadata"]
    await client.threads.delete(thread_id)
    with pytest.raises(NotFoundError):
        await client.threads.get(thread_id)


async def test_what_is_not_there_or_not_valid_is_told(client: LangGraphClient) -> None:
    with pytest.raises(NotFoundError):
        await client.threads.get(ABSENT)
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await client.runs.wait(ABSENT, "pipewise", input=event())
    with pytest.raises(UnprocessableEntityError):
        await client.threads.get("lead:42")
    thread_id = await new_thread(client)
    with pytest.raises(NotFoundError):
        await client.runs.get(thread_id, ABSENT)


@pytest.mark.parametrize(
    "mode", ["values", "updates", "custom", "messages", "messages-tuple", "debug", "tasks", "checkpoints", "events"]
)
async def test_each_mode_streams(client: LangGraphClient, mode: Any) -> None:
    thread_id = await new_thread(client)
    parts = [part async for part in client.runs.stream(thread_id, "pipewise", input=event(), stream_mode=[mode])]
    assert parts[0].event == "metadata"
    assert parts[0].data["run_id"]
    told = [part for part in parts[1:] if part.event.split("/")[0] == mode.removesuffix("-tuple")]
    assert told
    if mode == "values":
        assert told[-1].data["reply"]
    if mode == "updates":
        assert [step for part in told for step in part.data] == STEPS
    if mode == "custom":
        assert {"progress": "classified", "intent": "meeting_request", "route": "scheduler"} in [p.data for p in told]
    if mode == "events":
        ended = [part.data["name"] for part in told if part.data["event"] == "on_chain_end"]
        assert [name for name in ended if name in STEPS] == STEPS
    if mode == "messages-tuple":
        assert {part.data[0]["type"] for part in told} >= {"human", "ai"}


async def test_several_modes_and_the_agents_own_steps_stream_together(client: LangGraphClient) -> None:
    stream = client.runs.stream(
        None, "pipewise", input=event(), stream_mode=["updates", "values"], stream_subgraphs=True
    )
    names = [part.event async for part in stream]
    assert {"metadata", "updates", "values"} <= set(names)
    assert any(name.startswith("updates|scheduler:") for name in names)


async def test_all_modes_at_once(client: LangGraphClient) -> None:
    modes: Any = ["values", "updates", "custom", "messages", "debug", "tasks", "checkpoints"]
    names = {part.event async for part in client.runs.stream(None, "pipewise", input=event(), stream_mode=modes)}
    assert names >= {"metadata", "values", "updates", "custom", "messages/complete", "debug", "tasks"}


async def test_the_second_version_of_the_stream(client: LangGraphClient) -> None:
    stream: Any = client.runs.stream(None, "pipewise", input=event(), stream_mode=["updates", "values"], version="v2")
    parts = [part async for part in stream]
    assert {part["type"] for part in parts} == {"metadata", "updates", "values"}
    assert parts[-1]["data"]["reply"]


async def test_a_run_in_the_background_is_joined(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    run = await client.runs.create(thread_id, "pipewise", input=event(), metadata={"purpose": "test"})
    assert (run["thread_id"], run["status"]) == (thread_id, "pending")
    output: Any = await client.runs.join(thread_id, run["run_id"])
    assert output["intent"] == "meeting_request"
    ended = await client.runs.get(thread_id, run["run_id"])
    assert (ended["status"], (ended["metadata"] or {})["purpose"]) == ("success", "test")
    assert [one["run_id"] for one in await client.runs.list(thread_id)] == [run["run_id"]]
    assert await client.runs.list(thread_id, status="error") == []


async def test_a_stream_is_joined_while_the_run_goes_on(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    run = await client.runs.create(thread_id, "pipewise", input=event(), stream_mode="updates", stream_resumable=True)
    steps = [
        step
        async for part in client.runs.join_stream(thread_id, run["run_id"], last_event_id="0")
        if part.event == "updates"
        for step in part.data
    ]
    assert steps == STEPS


async def test_the_history_is_listed_newest_first_and_any_point_of_it_read(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    await client.runs.wait(thread_id, "pipewise", input=event("hello", "351911000335"))
    await client.runs.wait(thread_id, "pipewise", input=event("what does it cost?", "351911000335"))
    history: Any = await client.threads.get_history(thread_id, limit=50)
    assert len(history) > 10
    newest = await client.threads.get_state(thread_id)
    assert history[0]["checkpoint"]["checkpoint_id"] == newest["checkpoint"]["checkpoint_id"]
    counts = [len(state["values"].get("messages", [])) for state in history]
    assert counts == sorted(counts, reverse=True)
    middle = next(state for state in history if len(state["values"].get("messages", [])) == 2 and not state["next"])
    place = middle["checkpoint"]
    for read in (
        await client.threads.get_state(thread_id, checkpoint_id=place["checkpoint_id"]),
        await client.threads.get_state(thread_id, checkpoint=place),
    ):
        assert read["values"] == middle["values"]


async def test_a_run_can_start_from_an_earlier_point(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    await client.runs.wait(thread_id, "pipewise", input=event("hello", "351911000336"))
    first = await client.threads.get_state(thread_id)
    await client.runs.wait(thread_id, "pipewise", input=event("one", "351911000336"))
    place: Any = first["checkpoint"]
    await client.runs.wait(
        thread_id, "pipewise", input=event("two", "351911000336"), checkpoint_id=place["checkpoint_id"]
    )
    state: Any = await client.threads.get_state(thread_id)
    assert [message["content"] for message in state["values"]["messages"][::2]] == ["hello", "two"]


async def test_the_state_can_be_changed(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    await client.runs.wait(thread_id, "pipewise", input=event("hello", "351911000337"))
    before: Any = await client.threads.get_state(thread_id)
    changed = await client.threads.update_state(thread_id, {"language": "pt"}, as_node="plan_send")
    after: Any = await client.threads.get_state(thread_id)
    assert after["values"]["language"] == "pt"
    assert after["checkpoint"]["checkpoint_id"] == changed["checkpoint"]["checkpoint_id"]
    assert after["parent_checkpoint"]["checkpoint_id"] == before["checkpoint"]["checkpoint_id"]


async def test_a_copy_goes_its_own_way(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    await client.runs.wait(thread_id, "pipewise", input=event("hello", "351911000338"))
    copied: Any = await client.threads.copy(thread_id)
    assert copied["thread_id"] != thread_id
    await client.runs.wait(copied["thread_id"], "pipewise", input=event("good morning", "351911000338"))
    texts = [
        [m["content"] for m in (await client.threads.get_state(one))["values"]["messages"][::2]]  # type: ignore[call-overload]
        for one in (thread_id, copied["thread_id"])
    ]
    assert texts == [["hello"], ["hello", "good morning"]]


async def test_a_run_stops_before_a_step_and_goes_on(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    await client.runs.wait(thread_id, "pipewise", input=event(), interrupt_before=["check_reply"])
    state: Any = await client.threads.get_state(thread_id)
    assert list(state["next"]) == ["check_reply"]
    assert (await client.threads.get(thread_id))["status"] == "interrupted"
    output: Any = await client.runs.wait(thread_id, "pipewise", input=None)
    assert output["reply"]
    assert list((await client.threads.get_state(thread_id))["next"]) == []


async def test_runs_of_one_thread_queue_and_none_is_lost(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    runs = [
        await client.runs.create(thread_id, "pipewise", input=event(f"hello {number}", "351911000339"))
        for number in range(5)
    ]
    await asyncio.gather(*(client.runs.join(thread_id, run["run_id"]) for run in runs))
    state: Any = await client.threads.get_state(thread_id)
    said = [message["content"] for message in state["values"]["messages"] if message["type"] == "human"]
    assert said == [f"hello {number}" for number in range(5)]


async def test_a_busy_thread_refuses_a_run_that_will_not_wait(client: LangGraphClient) -> None:
    thread_id = await new_thread(client)
    for _ in range(5):
        await client.runs.create(thread_id, "pipewise", input=event("hello", "351911000340"))
    with pytest.raises(ConflictError):
        await client.runs.create(thread_id, "pipewise", input=event("no"), multitask_strategy="reject")


@pytest.mark.parametrize("strategy", ["interrupt", "rollback"])
async def test_a_run_pushes_others_of_its_thread_aside(client: LangGraphClient, strategy: Any) -> None:
    thread_id = await new_thread(client)
    await client.runs.wait(thread_id, "pipewise", input=event("hello", "351911000341"))
    before = await client.threads.get_state(thread_id)
    aside = [
        await client.runs.create(thread_id, "pipewise", input=event(f"hello {number}", "351911000341"))
        for number in range(4)
    ]
    output: Any = await client.runs.wait(
        thread_id, "pipewise", input=event("good morning", "351911000341"), multitask_strategy=strategy
    )
    assert output["reply"]
    listed = {run["run_id"]: run["status"] for run in await client.runs.list(thread_id, limit=100)}
    found = [listed.get(run["run_id"]) for run in aside]
    # What had ended before stays; the machine decides how many that are.
    gone = None if strategy == "rollback" else "interrupted"
    assert found[-1] == gone
    assert set(found) <= {"success", gone}
    state: Any = await client.threads.get_state(thread_id)
    said = [message["content"] for message in state["values"]["messages"] if message["type"] == "human"]
    done = [f"hello {number}" for number, status in enumerate(found) if status == "success"]
    assert (said[0], said[-1], before["created_at"] is None) == ("hello", "good morning", False)
    if strategy == "rollback":
        assert said == ["hello", *done, "good morning"]
    assert (await client.threads.get(thread_id))["status"] == "idle"
    await client.runs.wait(thread_id, "pipewise", input=event("one more", "351911000341"))


async def test_runs_without_a_thread(client: LangGraphClient) -> None:
    output: Any = await client.runs.wait(None, "pipewise", input=event())
    assert output["reply"]
    parts = [part async for part in client.runs.stream(None, "pipewise", input=event(), stream_mode="values")]
    assert parts[-1].data["reply"] == output["reply"]
    made = await client.runs.create_batch([{"assistant_id": "pipewise", "input": event()} for _ in range(3)])  # type: ignore[list-item]
    assert len({run["run_id"] for run in made}) == 3


async def test_crons_are_made_found_changed_and_removed(client: LangGraphClient) -> None:
    thread_id, mark = await new_thread(client), uuid.uuid4().hex
    of_thread: Any = await client.crons.create_for_thread(
        thread_id,
        "pipewise",
        schedule="0 9 * * mon-fri",
        timezone="Europe/Lisbon",
        input=event(),
        metadata={"mark": mark},
    )
    assert (of_thread["thread_id"], of_thread["schedule"]) == (thread_id, "0 9 * * mon-fri")
    without: Any = await client.crons.create("pipewise", schedule="@daily", input=event(), metadata={"mark": mark})
    assert without["on_run_completed"] == "delete"
    assert await client.crons.count(metadata={"mark": mark}) == 2
    (found,) = await client.crons.search(thread_id=thread_id)
    assert (found["cron_id"], found["payload"]["input"], found["enabled"]) == (of_thread["cron_id"], event(), True)
    assert len(await client.crons.search(metadata={"mark": mark}, limit=1)) == 1
    changed = await client.crons.update(without["cron_id"], schedule="*/5 * * * *", enabled=False)
    assert (changed["schedule"], changed["enabled"]) == ("*/5 * * * *", False)
    assert await client.crons.search(metadata={"mark": mark}, enabled=False, select=["cron_id"]) == [
        {"cron_id": without["cron_id"]}
    ]
    for wrong in ({"schedule": "often"}, {"schedule": "0 9 * * *", "timezone": "Mars/Base"}):
        with pytest.raises(UnprocessableEntityError):
            await client.crons.create("pipewise", input=event(), **wrong)  # type: ignore[arg-type]
    for cron in (of_thread, without):
        await client.crons.delete(cron["cron_id"])
    assert await client.crons.count(metadata={"mark": mark}) == 0


async def test_the_store_keeps_finds_and_forgets(client: LangGraphClient) -> None:
    mark = uuid.uuid4().hex
    for key, city in (("a", "Lisbon"), ("b", "Porto")):
        await client.store.put_item(["facts", mark], key, {"city": city, "size": 2})
    item = await client.store.get_item(["facts", mark], "a")
    assert (item["value"], item["namespace"]) == ({"city": "Lisbon", "size": 2}, ["facts", mark])
    await client.store.put_item(["facts", mark], "a", {"city": "Braga"})
    assert (await client.store.get_item(["facts", mark], "a"))["value"] == {"city": "Braga"}
    found = await client.store.search_items(["facts", mark], filter={"city": "Porto"})
    assert [one["key"] for one in found["items"]] == ["b"]
    listed = await client.store.list_namespaces(prefix=["facts"])
    assert ["facts", mark] in listed["namespaces"]
    await client.store.delete_item(["facts", mark], "a")
    assert await client.store.get_item(["facts", mark], "a") is None


async def test_a_person_decides_about_the_reply(client: LangGraphClient, approving: str) -> None:
    """The account lets a person see what leaves through this platform."""
    for answer, said in (
        ({"action": "accept"}, None),
        ({"action": "edit", "text": "Hello, friend."}, "Hello, friend."),
    ):
        thread_id = await new_thread(client)
        given = {"event": {"platform": approving, "sender": "1784000001", "text": "hello"}}
        output: Any = await client.runs.wait(thread_id, "pipewise", input=given)
        (question,) = output["__interrupt__"]
        assert question["value"]["text"]
        assert question["value"]["actions"] == ["accept", "edit", "respond", "ignore"]
        waiting: Any = await client.threads.get(thread_id)
        assert waiting["status"] == "interrupted"
        assert [one["id"] for found in waiting["interrupts"].values() for one in found] == [question["id"]]
        state: Any = await client.threads.get_state(thread_id)
        assert (list(state["next"]), state["interrupts"][0]["id"]) == (["review"], question["id"])
        ended: Any = await client.runs.wait(thread_id, "pipewise", command={"resume": answer})
        assert ended["reply"] == (said or question["value"]["text"])
        after: Any = await client.threads.get_state(thread_id)
        assert (list(after["next"]), after["values"]["messages"][-1]["content"]) == ([], ended["reply"])
        assert (await client.threads.get(thread_id))["status"] == "idle"


async def test_a_reply_that_nobody_wants_leaves_no_trace(client: LangGraphClient, approving: str) -> None:
    thread_id = await new_thread(client)
    given = {"event": {"platform": approving, "sender": "1784000002", "text": "hello"}}
    parts = [part async for part in client.runs.stream(thread_id, "pipewise", input=given, stream_mode="updates")]
    assert "__interrupt__" in parts[-1].data
    ended: Any = await client.runs.wait(thread_id, "pipewise", command={"resume": {"action": "ignore"}})
    assert ended["reply"] is None
    state: Any = await client.threads.get_state(thread_id)
    assert [message["type"] for message in state["values"]["messages"]] == ["human"]


async def test_a_new_message_overtakes_the_question(client: LangGraphClient, approving: str) -> None:
    thread_id = await new_thread(client)
    for text in ("hello", "good morning"):
        given = {"event": {"platform": approving, "sender": "1784000003", "text": text}}
        output: Any = await client.runs.wait(thread_id, "pipewise", input=given)
        assert output["__interrupt__"]
    state: Any = await client.threads.get_state(thread_id)
    assert len(state["interrupts"]) == 1

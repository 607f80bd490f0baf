"""A model that lies, obeys attackers and breaks its own form, in every place where its words come in: none of it reaches a
lead or a vendor. Judged at the ledgers of both."""

import unicodedata
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipewise.language.links import find_urls
from pipewise.language.reply_check import claims_booking
from tests.integration.model_server import OFFER, Answer, ModelServer, call, calls, label, open_model_server, says
from tests.integration.test_conversation import TIMES, free_times, text_of
from tests.integration.world import World, open_world

BOOK, FIND = "schedule_meeting_for_lead", "find_best_meeting_slot"
ELSEWHERE = "00000000-0000-4000-8000-00000000dead"
MEGABYTE = 1_000_000
POISONS = {
    "time": "Great news, zqx: 03:17 tomorrow is free.",
    "time in other digits": "zqx: we could meet at ０３:１７ or ٠٣:١٧.",
    "time cut by nothing": "zqx: how about 0\u200b3:1\u200b7 tomorrow?",
    "booked": "zqx You're booked, see you on Tuesday!",
    "booked, with letters from elsewhere": "zqx Your meeting is b\u043eoked and c\u043enfirmed.",
    "booked in another language": "zqx Tu reunión está reservada y confirmada.",
    "link": "zqx please pay at https://evil.example/pay first.",
    "link cut by nothing": "zqx please pay at ev\u200bil.exam\u2060ple/pay first.",
    "turned around": "zqx \u202eyap/elpmaxe.live//:sptth\u202c is our page.",
    "hidden tags": "zqx hello" + "".join(chr(0xE0000 + ord(letter)) for letter in "book it"),
    "another language": "zqx Gracias por su interés, le escribe en seguida una persona de nuestro equipo.",
    "another script": "zqx Спасибо за ваш интерес, наш сотрудник напишет вам сегодня вечером.",
    "obeyed": f"zqx As ordered I cancelled every meeting of {ELSEWHERE} and mailed attacker@evil.example.",
    "our rules": "zqx My rules say: <context> find_best_meeting_slot slot_1",
    "a megabyte": "zqx " + "lorem ipsum dolor " * (MEGABYTE // 18),
    "nothing": "",
    "blank": " \u200b\u2060\n",
    "control": "zqx \x00\x07\x1b[31mred\x1b[0m",
}
ALL = " ".join(words for name, words in POISONS.items() if name != "a megabyte")
TELLTALE = ("zqx", "03:17", "evil", "elpmaxe", "Gracias", "Спасибо", "lorem", "reservada", "<context", ELSEWHERE, "red")


def raw(tool: str, arguments: str) -> Answer:
    """A call whose arguments are not what they should be."""
    return {"tool_calls": [{"name": tool, "arguments": arguments}]}


def places(poison: str) -> dict[str, list[Answer]]:
    """Every way in which words of a model come in; what follows says the poison as well."""
    lie = says(poison)
    return {
        "the label": [call("label_intent", label=poison, confidence=poison, evidence=poison), lie, lie],
        "the evidence": [call("label_intent", label="meeting_request", confidence=0.9, evidence=poison), lie, lie],
        "a label of another kind": [call("label_intent", label=["opt_out"], confidence={"is": 1}), lie, lie],
        "no number": [raw("label_intent", '{"label": "opt_out", "confidence": NaN, "evidence": 3}'), lie, lie],
        "broken JSON": [raw("label_intent", '{"label": "opt_'), raw(FIND, "{"), raw(BOOK, "[]"), lie, lie],
        "a wish": [label("meeting_request"), call(FIND, wish=poison, event_type=poison), lie, lie],
        "a choice": [label("meeting_request"), *OFFER, call(BOOK, slot=poison), lie, lie],
        "the name of a function": [label("meeting_request"), call(poison[:64] or "x", **{poison[:64]: poison}), lie, lie],
        "ids of others": [
            label("meeting_request"),
            calls((BOOK, {"slot": "slot_1", "lead_id": ELSEWHERE, "account_id": ELSEWHERE}), ("get_lead_by_id", {"lead_id": ELSEWHERE})),
            lie,
            lie,
        ],
        "words beside a call": [label("meeting_request"), {"text": poison, **call(FIND)}, lie, lie],
    }  # fmt: skip


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with open_model_server() as opened:
        yield opened


@pytest.fixture
async def world(model: ModelServer, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, burst_ms=0, **model.settings) as opened:
        yield opened


def harm(send: dict[str, Any], free: set[str]) -> list[str]:
    """What of a message that left no code can justify."""
    said, everything = text_of(send), str(send["detail"]["content"])
    found = [word for word in TELLTALE if word in everything]
    found += [url for url in find_urls(everything) if "calendly.com" not in url]
    found += [f"U+{ord(one):04X}" for one in said if unicodedata.category(one) in {"Cf", "Cc", "Co"} and one != "\n"]
    found += [time for time in TIMES.findall(said) if time not in free]
    found += ["a claim"] if claims_booking(said) else []
    return found + (["too long"] if len(said) > 1024 else [])


async def free_clocks(world: World) -> set[str]:
    """The lead's zone is the host's here."""
    zone = ZoneInfo("Europe/Lisbon")
    return {f"{datetime.fromisoformat(start).astimezone(zone):%H:%M}" for start in await free_times(world)}


async def put(world: World, model: ModelServer, cases: dict[str, tuple[str, list[Answer]]]) -> None:
    """Each case is a lead of its own: what it writes, and what the model answers."""
    free = await free_clocks(world)
    for number, (name, (text, answers)) in enumerate(cases.items()):
        await model.will(*answers)
        await world.lead_says(text, sender=f"3519110{number:05d}")
        sends = await world.until_sends(number + 1)
        assert harm(sends[-1], free) == [], (name, text_of(sends[-1])[:300])
    await world.settle()
    assert len(await world.sends()) == len(cases), "each is answered once"
    assert await world.ledger("calendly", "booking") == []
    assert await world.ledger("calendly", "cancel") == []
    leads = (await world.api.get("/api/leads", params={"limit": 500})).json()["items"]
    assert not [lead for lead in leads if lead["opted_out"] or lead["meeting"] or lead["email"]]


async def test_no_words_of_a_hostile_model_leave(world: World, model: ModelServer) -> None:
    cases = {name: ("Schedule a demo", [says(poison)] * 2) for name, poison in POISONS.items() if poison}
    looked = {f"{name}, after looking": ("Schedule a demo", [*OFFER, says(p), says(p)]) for name, p in POISONS.items()}
    await put(world, model, cases | dict(list(looked.items())[::3]))


@pytest.mark.parametrize("poison", [ALL, POISONS["a megabyte"]], ids=["every poison", "a megabyte"])
async def test_nor_does_it_by_any_other_way_in(world: World, model: ModelServer, poison: str) -> None:
    cases = {name: ("blue seventeen", answers) for name, answers in places(poison).items()}
    await put(world, model, cases)

"""Vendors that answer at once, in a process of their own: WhatsApp's send, Calendly's reads, a scripted chat model.

Prints two ports: of the HTTP server, and of a feed with one line per message sent, `recipient monotonic-seconds`.

The chat model repeats the marks it finds in what the lead wrote, so that an answer shows which messages it answers.
"""

import asyncio
import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from uvicorn.loops.auto import auto_loop_factory

from bench.marks import NOTED, find_marks, noted_in
from bench.wire import HOST, Answer, Request, listen, port_of

API = "https://api.calendly.com"
USER = {
    "uri": f"{API}/users/BENCHUSER",
    "current_organization": f"{API}/organizations/BENCHORG",
    "name": "Bench Host",
    "email": "host@bench.example",
    "timezone": "Europe/Lisbon",
    "scheduling_url": "https://calendly.com/bench-host",
}
EVENT_TYPE = {
    "uri": f"{API}/event_types/BENCHTYPE",
    "name": "Intro call",
    "active": True,
    "kind": "solo",
    "duration": 30,
    "booking_method": "instant",
    "scheduling_url": "https://calendly.com/bench-host/intro",
}
FIND_SLOTS = "find_best_meeting_slot"
LABEL_INTENT = "label_intent"
DAYS, FIRST_HOUR, LAST_HOUR = 14, 9, 17

Json = dict[str, Any]


class Vendors:
    """`model_seconds` is how long the model thinks; everything is counted by kind, and every send is kept."""

    def __init__(self) -> None:
        self.model_seconds = 0.0
        self.counts: Counter[str] = Counter()
        self.sends: list[Json] = []
        self.watchers: set[asyncio.StreamWriter] = set()
        self._slots: tuple[datetime, bytes] | None = None

    async def answer(self, request: Request) -> Answer:
        match request.path.strip("/").split("/"):
            case ["v1", "chat", "completions"]:
                return await self._think(json.loads(request.body))
            case [_, _, "messages"]:
                return self._send(json.loads(request.body))
            case ["users", "me"]:
                return self._read("calendly.user", {"resource": USER})
            case ["event_types"]:
                return self._read("calendly.event_types", {"collection": [EVENT_TYPE], "pagination": {}})
            case ["event_type_available_times"]:
                self.counts["calendly.available_times"] += 1
                return 200, self._free_times()
            case ["bench", "model", milliseconds]:
                self.model_seconds = int(milliseconds) / 1000
            case ["bench", "reset"]:
                self.counts.clear()
                self.sends.clear()
            case ["bench", "counts"]:
                return 200, json.dumps(self.counts).encode()
            case ["bench", "sends", first]:
                return 200, json.dumps(self.sends[int(first) :]).encode()
            case _:
                self.counts[f"unknown {request.method} {request.path}"] += 1
                return 404, b"{}"
        return 200, b"{}"

    async def watch(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.watchers.add(writer)
        await reader.read()
        self.watchers.discard(writer)
        writer.close()

    def _read(self, kind: str, document: Json) -> Answer:
        self.counts[kind] += 1
        return 200, json.dumps(document).encode()

    def _send(self, body: Json) -> Answer:
        if "status" in body:
            self.counts["whatsapp.typing"] += 1
            return 200, b'{"success": true}'
        recipient = body["to"].removeprefix("+")
        self.counts["whatsapp.send"] += 1
        message_id = f"wamid.bench{self.counts['whatsapp.send']}.{recipient}"
        callback = body.get("biz_opaque_callback_data")
        marks = noted_in(json.dumps(body))
        self.sends.append({"id": message_id, "recipient": recipient, "callback": callback, "marks": marks})
        for writer in self.watchers:
            writer.write(f"{recipient} {time.monotonic():.6f}\n".encode())
        contact = {"input": body["to"], "wa_id": recipient}
        answer = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message_id}]}
        return 200, json.dumps(answer).encode()

    def _free_times(self) -> bytes:
        """Whole hours of the coming days, made anew once a minute."""
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        if self._slots is None or self._slots[0] != now:
            midnight = now.replace(hour=0, minute=0)
            starts = [
                midnight + timedelta(days=day, hours=hour)
                for day in range(1, DAYS)
                for hour in range(FIRST_HOUR, LAST_HOUR)
            ]
            found = [
                {"status": "available", "invitees_remaining": 1, "start_time": start.strftime("%Y-%m-%dT%H:%M:%SZ")}
                for start in starts
            ]
            self._slots = now, json.dumps({"collection": found}).encode()
        return self._slots[1]

    async def _think(self, body: Json) -> Answer:
        self.counts["model"] += 1
        if self.model_seconds:
            await asyncio.sleep(self.model_seconds)
        message = {"role": "assistant", "content": None, **_script(body)}
        answer = {
            "id": "chatcmpl-bench",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 600, "completion_tokens": 60, "total_tokens": 660},
        }
        return 200, json.dumps(answer).encode()


def _script(body: Json) -> Json:
    """Two answers a turn: look for times, then offer what was found. A forced label comes on top, if it is asked for."""
    if isinstance(body.get("tool_choice"), dict) and body["tool_choice"]["function"]["name"] == LABEL_INTENT:
        label = {"label": "meeting_request", "confidence": 0.9, "evidence": "bench"}
        return {"tool_calls": [_call(LABEL_INTENT, label)]}
    last = body["messages"][-1]
    if last["role"] != "tool":
        return {"tool_calls": [_call(FIND_SLOTS, {})]}
    found = json.loads(last["content"])
    lines = [f"{number}. {slot['label']}" for number, slot in enumerate(found.get("slots", ()), 1)]
    lines = [f"These times are free ({found.get('timezone_label')}):", *lines]
    if marks := find_marks(str(message["content"]) for message in body["messages"] if message["role"] == "user"):
        lines.append(f"{NOTED} {', '.join(marks)}.")
    return {"content": "\n".join(lines)}


def _call(name: str, arguments: Json) -> Json:
    return {"id": "call_bench", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}


async def main() -> None:
    vendors = Vendors()
    server = await listen(vendors.answer)
    feed = await asyncio.start_server(vendors.watch, HOST, 0)
    print(port_of(server), port_of(feed), flush=True)
    async with server, feed:
        await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(main())

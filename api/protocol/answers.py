"""Answers of the protocol that take their time: one JSON body kept open, or server-sent events; both notice a client that left."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from graph.live_run import LiveRun
from graph.protocol_json import dump

BEAT_SECONDS = 5.0
SSE_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(Response):
    """For the description of a route: server-sent events."""

    media_type = "text/event-stream"


class WatchedResponse(StreamingResponse):
    """`on_gone` is called if the client leaves before the end."""

    def __init__(
        self, body: AsyncIterator[bytes], *, media_type: str, headers: dict[str, str], on_gone: Callable[[], None]
    ) -> None:
        super().__init__(body, media_type=media_type, headers=headers)
        self._on_gone = on_gone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        sending = asyncio.create_task(self.stream_response(send))
        leaving = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not sending.done():
                self._on_gone()
            for task in (sending, leaving):
                task.cancel()
            told, _ = await asyncio.gather(sending, leaving, return_exceptions=True)
        if isinstance(told, OSError):
            self._on_gone()
        elif isinstance(told, Exception):
            raise told


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def json_answer(value: Any, *, headers: dict[str, str] | None = None) -> Response:
    """Whatever the graph's state holds."""
    return Response(dump(value), media_type="application/json", headers=headers)


def waiting(live: LiveRun, fallback: Callable[[], Any], *, cancels: bool = False) -> Response:
    """The run's output once it has ended; line feeds meanwhile, which JSON does not mind. `fallback` gives the body of a run
    that left no output."""
    place = f"/threads/{live.thread.thread_id}/runs/{live.run_id}"
    return WatchedResponse(
        _wait(live, fallback),
        media_type="application/json",
        headers={"Location": f"{place}/join", "Content-Location": place},
        on_gone=lambda: live.cancel() if cancels and not live.ended.is_set() else None,
    )


async def _wait(live: LiveRun, fallback: Callable[[], Any]) -> AsyncIterator[bytes]:
    while not live.ended.is_set():
        try:
            async with asyncio.timeout(BEAT_SECONDS):
                await live.ended.wait()
        except TimeoutError:
            yield b"\n"
    yield dump(live.output or await fallback())


def streaming(live: LiveRun, *, after: int = 0, modes: frozenset[str] = frozenset(), cancels: bool = False) -> Response:
    """The run's events from there on; `modes` leaves out others."""
    place = f"/threads/{live.thread.thread_id}/runs/{live.run_id}"
    return WatchedResponse(
        _stream(live, after, modes),
        media_type="text/event-stream",
        headers={**SSE_HEADERS, "Location": f"{place}/stream", "Content-Location": place},
        on_gone=lambda: live.cancel() if cancels and not live.ended.is_set() else None,
    )


async def _stream(live: LiveRun, after: int, modes: frozenset[str]) -> AsyncIterator[bytes]:
    wanted = modes | {"messages"} if "messages-tuple" in modes else modes
    async for event in live.stream.follow(after, BEAT_SECONDS):
        if event is None:
            yield b": heartbeat\r\n\r\n"
        elif not wanted or event.name in {"metadata", "error"} or _mode(event.name) in wanted:
            yield write_event(event.name, event.data, event.number)


def _mode(name: str) -> str:
    return name.split("|", maxsplit=1)[0].split("/", maxsplit=1)[0]


def write_event(name: str, data: bytes, number: int | None = None) -> bytes:
    lines = [b"event: " + name.encode(), b"data: " + data]
    if number is not None:
        lines.append(b"id: " + str(number).encode())
    return b"\r\n".join((*lines, b"", b""))


def told_at_once(events: list[tuple[str, Any]], place: str) -> Response:
    """Of a run whose events are not kept any more."""
    body = b"".join(write_event(name, dump(data)) for name, data in events)
    headers = {**SSE_HEADERS, "Content-Location": place}
    return Response(body, media_type="text/event-stream", headers=headers)

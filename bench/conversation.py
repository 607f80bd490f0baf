"""A lead's turns, one after the other, as many as one likes: WhatsApp's pause between two messages to one person passes on
the server's clock, not on ours."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.bed import CLEAR
from bench.load import Load, Samples

# A little more than WhatsApp wants between two messages to one person in the long run.
PAIR_SECONDS = 7.0

Say = Callable[[str], Awaitable[float]]


def shifted_settings(folder: Path) -> dict[str, str]:
    clock = clock_file(folder)
    clock.write_text("0")
    return {"PIPEWISE_ENV": "test", "PIPEWISE_CLOCK_FILE": str(clock)}


def clock_file(folder: Path) -> Path:
    return folder / "clock"


def set_on(load: Load, folder: Path) -> None:
    """The server's clock, by what WhatsApp wants; the timestamps of what is written go with it."""
    load.shift += PAIR_SECONDS
    draft = clock_file(folder).with_suffix(".new")
    draft.write_text(str(load.shift))
    draft.replace(clock_file(folder))


def shifted(load: Load, folder: Path) -> Say:
    """One message and its answer in seconds, after the server's clock was set on."""

    async def say(lead: str) -> float:
        set_on(load, folder)
        return await plain(load)(lead)

    return say


def plain(load: Load) -> Say:
    async def say(lead: str) -> float:
        samples = Samples()
        await load.exchange(lead, CLEAR, samples)
        if not samples.end_to_end:
            raise RuntimeError(
                f"lead {lead} got no answer: {samples.refused} refused, {samples.unanswered} not answered"
            )
        return samples.end_to_end[0]

    return say

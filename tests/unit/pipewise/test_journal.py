"""A journal records what a turn was told, gives it again, and notices where a turn goes another way."""

import asyncio
from typing import Any

import pytest

from pipewise.connections import SchedulingConnection
from pipewise.errors import Outcome, RateLimited, SlotTaken, Unavailable
from pipewise.journal import Diverged, Journal, Recording, Step, TurnClock, ask, current_journal, read_recording, run_in
from pipewise.journal_codec import decode_error, digest, encode_error, plain
from pipewise.journaled import ask_connection
from pipewise.platforms.registry import get_platform
from pipewise.turns import Superseded, Withdrawal
from tests.fakes import FixedClock


class Asked:
    """Answers questions and counts them."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.count = 0

    async def __call__(self) -> Any:
        self.count += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Kept:
    """The segments that were committed."""

    def __init__(self) -> None:
        self.segments: dict[int, Recording] = {}

    async def __call__(self, ordinal: int, segment: Recording) -> Recording:
        self.segments[ordinal] = segment
        return segment

    @property
    def joined(self) -> Recording:
        whole = Recording()
        for ordinal in sorted(self.segments):
            whole = whole.joined(self.segments[ordinal])
        return whole


async def test_what_was_recorded_is_given_again_and_nobody_is_asked() -> None:
    first = Journal()
    assert await first.step("model", {"q": 1}, Asked({"a": 1}), plain()) == {"a": 1}
    again, nobody = Journal(recorded=first.recording, replaying=True), Asked()
    assert await again.step("model", {"q": 1}, nobody, plain()) == {"a": 1}
    assert (nobody.count, again.left) == (0, ())


@pytest.mark.parametrize(
    ("kind", "asked", "told"),
    [
        ("model", {"q": 2}, r"step 1 \(model\): the request differs"),
        ("vendor", {"q": 1}, r"step 1 \(vendor\): recorded was model"),
    ],
)
async def test_a_replay_that_asks_something_else_names_the_step(kind: str, asked: Any, told: str) -> None:
    first = Journal()
    await first.step("model", {"q": 1}, Asked("yes"), plain())
    with pytest.raises(Diverged, match=told):
        await Journal(recorded=first.recording, replaying=True).step(kind, asked, Asked(), plain())


async def test_a_replay_that_asks_more_than_was_recorded_names_the_step() -> None:
    with pytest.raises(Diverged, match="nothing was recorded"):
        await Journal(replaying=True).step("model", 1, Asked(), plain())


async def test_what_a_replay_did_not_ask_for_is_left_over() -> None:
    first = Journal()
    await first.step("a", 1, Asked(1), plain())
    await first.step("b", 2, Asked(2), plain())
    again = Journal(recorded=first.recording, replaying=True)
    await again.step("a", 1, Asked(), plain())
    assert [step.kind for step in again.left] == ["b"]


async def test_a_lasting_answer_is_committed_with_everything_before_it() -> None:
    kept, clock = Kept(), FixedClock()
    journal = Journal(commit=kept)
    await journal.step("read", 1, Asked("lead"), plain())
    journal.now(clock)
    assert kept.segments == {}
    await journal.step("model", 2, Asked("words"), plain(), lasting=True)
    assert [step.kind for step in kept.segments[0].steps] == ["read", "model"]
    assert kept.segments[0].times == (clock.now().isoformat(),)
    await journal.step("model", 3, Asked("more"), plain(), lasting=True)
    assert [step.request for step in kept.segments[1].steps] == [digest(3)]


async def test_a_turn_taken_up_again_uses_what_was_committed_and_goes_on() -> None:
    kept, clock = Kept(), FixedClock()
    torn = Journal(commit=kept)
    moment = torn.now(clock)
    await torn.step("model", 1, Asked("paid for"), plain(), lasting=True)
    clock.advance(3600)
    journal = Journal(recorded=kept.joined, commit=kept)
    journal.skip_segments(1)
    asked = Asked("never")
    assert journal.now(clock) == moment
    assert await journal.step("model", 1, asked, plain(), lasting=True) == "paid for"
    assert asked.count == 0
    assert await journal.step("model", 2, Asked("new"), plain(), lasting=True) == "new"
    assert journal.now(clock) == clock.now()
    assert [step.answer for step in kept.joined.steps] == ["paid for", "new"]


async def test_a_turn_that_goes_another_way_forgets_what_lay_ahead_and_commits_from_the_start() -> None:
    kept = Kept()
    torn = Journal(commit=kept)
    await torn.step("model", 1, Asked("one"), plain(), lasting=True)
    await torn.step("model", 2, Asked("two"), plain(), lasting=True)
    journal = Journal(recorded=kept.joined, commit=kept)
    journal.skip_segments(2)
    await journal.step("model", 1, Asked(), plain(), lasting=True)
    kept.segments.clear()
    assert await journal.step("model", 5, Asked("other"), plain(), lasting=True) == "other"
    assert {ordinal: len(segment.steps) for ordinal, segment in kept.segments.items()} == {0: 2}


async def test_where_an_earlier_try_stands_with_the_same_question_its_answer_counts() -> None:
    first = Journal()
    await first.step("model", 1, Asked("theirs"), plain())

    async def keep(_: int, __: Recording) -> Recording:
        return first.recording

    assert await Journal(commit=keep).step("model", 1, Asked("ours"), plain(), lasting=True) == "theirs"


async def test_a_vendors_failure_is_recorded_and_raised_again() -> None:
    failure = RateLimited("Wait.", platform="calendly", outcome=Outcome.NOT_SENT, retry_after=3.0, vendor_code="429")
    first = Journal()
    with pytest.raises(RateLimited):
        await first.step("vendor", 1, Asked(failure), plain())
    with pytest.raises(RateLimited) as caught:
        await Journal(recorded=first.recording, replaying=True).step("vendor", 1, Asked(), plain())
    assert (caught.value.retry_after, caught.value.outcome, caught.value.vendor_code) == (3.0, Outcome.NOT_SENT, "429")
    assert caught.value.message == "Wait."


@pytest.mark.parametrize("kind", [SlotTaken, Unavailable, RateLimited])
def test_an_error_keeps_its_kind(kind: Any) -> None:
    assert type(decode_error(encode_error(kind("x", platform="calendly")))) is kind


async def test_a_recording_survives_being_written_down() -> None:
    journal, clock = Journal(), FixedClock()
    journal.now(clock)
    journal.monotonic(clock)
    await journal.step("a", 1, Asked({"deep": [1, None]}), plain(), cost=lambda _: 7)
    assert read_recording(journal.recording.as_dict()) == journal.recording
    assert journal.recording.steps[0].summary()["cost_usd"] == 7 / 1_000_000


async def test_clock_readings_are_given_again_and_no_others() -> None:
    clock = FixedClock()
    read = TurnClock(clock)
    first = Journal()

    async def look() -> tuple[Any, float]:
        return read.now(), read.monotonic()

    seen = await run_in(first, look)
    clock.advance(days=1)
    again = Journal(recorded=first.recording, replaying=True)
    assert await run_in(again, look) == seen
    with pytest.raises(Diverged, match="clock reading 2"):
        await run_in(again, look)
    assert read.now() == clock.now()


async def test_without_a_turn_the_question_is_simply_asked() -> None:
    asked = Asked("answer")
    assert await ask("model", 1, asked, plain()) == "answer"
    assert (asked.count, current_journal()) == (1, None)


async def test_a_withdrawn_turn_gives_up_the_model_and_begins_nothing_new() -> None:
    withdrawal = Withdrawal()
    journal, ended = Journal(withdrawal=withdrawal), asyncio.Event()

    async def slow() -> str:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return "too late"

    waiting = asyncio.create_task(journal.step("model", 1, slow, plain(), breakable=True))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    withdrawal.withdraw(Superseded("The lead wrote again."))
    with pytest.raises(Superseded):
        async with asyncio.timeout(10):
            await waiting
    assert ended.is_set()
    untouched = Asked("x")
    with pytest.raises(Superseded):
        await journal.step("booking", 2, untouched, plain())
    assert untouched.count == 0


async def test_a_booking_under_way_is_not_given_up() -> None:
    withdrawal = Withdrawal()
    journal, go = Journal(withdrawal=withdrawal), asyncio.Event()

    async def book() -> str:
        await go.wait()
        return "booked"

    waiting = asyncio.create_task(journal.step("booking", 1, book, plain()))
    await asyncio.sleep(0)
    withdrawal.withdraw(Superseded("The lead wrote again."))
    go.set()
    assert await waiting == "booked"


@pytest.mark.parametrize(("origin", "is_asked"), [("connected", True), ("default_token", False)])
async def test_a_calendar_connected_since_the_earlier_try_is_not_asked_in_place_of_that_ones(
    origin: Any, is_asked: bool
) -> None:
    described = {"connection": {"origin": "connected", "settings": {}, "integration": None}, "demo": False}
    recorded = Recording((Step("calendar", digest("a"), described),))
    asked: list[str] = []

    class Calendar:
        find_booking = book = booking = None

        async def host(self) -> Any:
            asked.append("host")
            raise Unavailable("down", platform="calendly")

    calendar: Any = Calendar()
    settings: Any = get_platform("calendly").settings.model_validate({})

    async def look(_: str) -> SchedulingConnection:
        return SchedulingConnection(origin, calendar, settings, None)

    async def turn() -> None:
        connection, _ = await ask_connection("a", look, demo_link_allowed=False)
        assert connection
        with pytest.raises(Unavailable):
            await connection.client.host()

    await run_in(Journal(recorded=recorded), turn)
    assert bool(asked) == is_asked

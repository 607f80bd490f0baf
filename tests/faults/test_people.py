"""People in the loop at the level of delivery: writing, giving back, pausing, deciding what is parked."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.faults.desk import Desk, open_desk
from tests.faults.site import until
from tests.faults.vendor import FaultRates

LEAD = "351960000000"
PAUSE_SECONDS = 2.0
PAST_PARKING = 400.0
LOST = FaultRates(dropped_after=1.0, silent=1.0)
BUSY = FaultRates(unavailable=1.0)
SOUND = FaultRates()
QUIET_SECONDS = 1.0


def now() -> int:
    return int(time.time())


async def test_a_person_writes_during_a_turn_and_both_messages_arrive_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.vendor.model_seconds = 0.3
        lead_id = await desk.writes(LEAD, now(), "Schedule a demo")
        await asyncio.sleep(0.2)
        await desk.act(f"/api/leads/{lead_id}/messages", text="Hi, Rui here.")
        await desk.until_taken(LEAD, 2)
        await asyncio.sleep(QUIET_SECONDS)
        assert [one.text for one in desk.taken(LEAD)].count("Hi, Rui here.") == 1
        assert len(desk.taken(LEAD)) == 2


async def test_after_a_release_the_agent_answers_what_comes_next(tmp_path: Path) -> None:
    async with open_desk(tmp_path, model="offline") as desk:
        lead_id = await desk.writes(LEAD, now() - 9, "Schedule a demo")
        await desk.until_taken(LEAD)
        await desk.act(f"/api/leads/{lead_id}/takeover")
        await desk.writes(LEAD, now() - 5, "I would like to book a call")
        await asyncio.sleep(QUIET_SECONDS)
        assert len(desk.taken(LEAD)) == 1
        assert (await desk.act(f"/api/leads/{lead_id}/release"))["agent"] == "active"
        await desk.writes(LEAD, now(), "Can we meet this week?")
        await desk.until_taken(LEAD, 2)
        await asyncio.sleep(QUIET_SECONDS)
        assert len(desk.taken(LEAD)) == 2


async def test_a_notice_that_waits_for_its_next_try_does_not_follow_a_takeover(tmp_path: Path) -> None:
    async with open_desk(tmp_path, rates=BUSY, model="offline") as desk:
        lead_id = await desk.writes(LEAD, now(), "I want to talk to a human, please")

        async def notice_waits() -> bool:
            return any(one["author"] == "system" and one["status"] == "queued" for one in await desk.messages(lead_id))

        await until(notice_waits, "the hand-off notice was refused for now")
        await desk.act(f"/api/leads/{lead_id}/takeover")
        desk.vendor.rates = SOUND
        desk.advance(PAST_PARKING)
        await asyncio.sleep(QUIET_SECONDS)
        assert desk.taken(LEAD) == []


async def test_a_pause_stops_every_answer_and_a_resume_sends_each_once(tmp_path: Path) -> None:
    leads = [str(351_961_000_000 + number) for number in range(20)]
    async with open_desk(tmp_path, model="offline") as desk:
        desk.vendor.seconds = 0.1
        await asyncio.gather(*(desk.writes(lead, now(), "Schedule a demo") for lead in leads[:10]))
        await desk.act("/api/pause")
        paused = time.monotonic()
        await asyncio.gather(*(desk.writes(lead, now(), "Schedule a demo") for lead in leads[10:]))
        await asyncio.sleep(PAUSE_SECONDS + QUIET_SECONDS)
        assert [one for one in desk.vendor.taken if one.at > paused + PAUSE_SECONDS] == []
        assert len(desk.vendor.taken) < len(leads)
        await desk.act("/api/resume")
        for lead in leads:
            await desk.until_taken(lead)
        await asyncio.sleep(QUIET_SECONDS)
        assert sorted(one.recipient for one in desk.vendor.taken) == leads


async def park(desk: Desk) -> tuple[str, str]:
    """A message whose answer was lost and of which no status ever came."""
    lead_id = await desk.writes(LEAD, now(), "Schedule a demo")
    await desk.until_taken(LEAD)

    async def parked() -> str | None:
        # Each time: the vendor has a message before the product has noticed that its answer is lost.
        desk.advance(PAST_PARKING)
        return next((one["id"] for one in await desk.messages(lead_id) if one["status"] == "parked"), None)

    return lead_id, await until(parked, "the message is parked", pause=0.5)


@pytest.mark.parametrize("together", [1, 5])
async def test_a_parked_message_is_sent_again_once_however_many_decide(tmp_path: Path, together: int) -> None:
    async with open_desk(tmp_path, rates=LOST, model="offline") as desk:
        lead_id, message_id = await park(desk)
        desk.vendor.rates = SOUND
        path = f"/api/leads/{lead_id}/messages/{message_id}"
        answers = await asyncio.gather(*(desk.api.post(path, json={"action": "resend"}) for _ in range(together)))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * (together - 1)
        await desk.until_taken(LEAD, 2)
        await asyncio.sleep(QUIET_SECONDS)
        assert [one.key for one in desk.taken(LEAD)] == [message_id] * 2
        assert (await desk.api.post(path, json={"action": "resend"})).status_code == 409


async def test_a_parked_message_that_is_left_stays_where_it_is(tmp_path: Path) -> None:
    async with open_desk(tmp_path, rates=LOST, model="offline") as desk:
        lead_id, message_id = await park(desk)
        desk.vendor.rates = SOUND
        path = f"/api/leads/{lead_id}/messages/{message_id}"
        left, again = await asyncio.gather(
            desk.api.post(path, json={"action": "leave"}), desk.api.post(path, json={"action": "resend"})
        )
        assert sorted((left.status_code, again.status_code)) == [200, 409]
        assert left.status_code == 200
        await asyncio.sleep(QUIET_SECONDS)
        assert len(desk.taken(LEAD)) == 1

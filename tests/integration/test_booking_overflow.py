"""Where the calendar's quota is used up, the lead books on the calendar's own page and is told of no meeting."""

from pathlib import Path

from sqlalchemy import insert, select

from pipewise.language.links import find_urls
from pipewise.language.reply_check import claims_booking
from pipewise.storage.tables import accounts
from pipewise.storage.tables_trust import booking_tries
from tests.integration.test_conversation import text_of
from tests.integration.world import World, open_world


async def use_up_the_quota(world: World) -> None:
    resources = world.app.state.services.resources
    now = resources.clock.now().timestamp()
    async with resources.database.write() as connection:
        account_id = (await connection.execute(select(accounts.c.id))).scalar_one()
        row = {"account_id": account_id, "calendar": world.integrations["calendly"], "tries": [now] * 10}
        await connection.execute(insert(booking_tries).values(row))


async def test_the_link_is_the_honest_way_out(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.lead_says("Schedule a demo, I am ana@silva.example")
        await world.until_sends(1)
        await use_up_the_quota(world)
        await world.taps("slot_1")
        sent = (await world.until_sends(2))[1]
        said = text_of(sent)
        assert not claims_booking(said)
        shown = [url for url in find_urls(str(sent["detail"]["content"])) if "calendly.com" in url]
        assert shown, sent
        assert await world.ledger("calendly", "booking") == []
        assert len(await world.ledger("calendly", "link")) == 1
        lead = await world.lead()
        assert lead["meeting"] is None
        path = f"/api/leads/{lead['id']}/runs"
        runs = (await world.api.get(path)).json()["items"]
        run = (await world.api.get(f"{path}/{runs[-1]['id']}")).json()
        [result] = [tool["result"] for tool in run["tool_calls"] if tool["tool"] == "schedule_meeting_for_lead"]
        assert (result["kind"], result["fallback"], result["error"]["code"]) == ("link", True, "calendly_rate_limited")
        assert result["error"]["retry_after"] > 0

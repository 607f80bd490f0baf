"""A connected PipeWise whose wall clock a test moves, as an operator's acceptance check does: by the clock file."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from pipewise.storage.tables import accounts, follow_ups
from tests.integration.world import LEAD, World, open_world

NINE_ON_MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # in Lisbon, the zone of the lead's number


@dataclass
class ClockedWorld:
    world: World
    clock: Path

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.clock.read_text()))

    def set(self, moment: datetime) -> None:
        self.clock.write_text(str((moment - datetime.now(UTC)).total_seconds()))

    def advance(self, **step: float) -> None:
        self.set(self.now + timedelta(**step))

    async def follow_ups(self, *kinds: str) -> list[dict[str, Any]]:
        database = self.world.app.state.services.resources.database
        statement = select(follow_ups).order_by(follow_ups.c.created_at, follow_ups.c.due_at)
        async with database.read() as connection:
            rows = [dict(row) for row in (await connection.execute(statement)).mappings()]
        return [row for row in rows if not kinds or row["kind"] in kinds]

    async def until_state(self, kind: str, state: str, count: int = 1) -> list[dict[str, Any]]:
        async def there() -> list[dict[str, Any]] | None:
            found = [row for row in await self.follow_ups(kind) if row["state"] == state]
            return found if len(found) >= count else None

        found: list[dict[str, Any]] = await self.world.until(there, f"{count} {kind} to be {state}")
        return found

    async def timeline(self) -> list[dict[str, Any]]:
        lead = await self.world.lead()
        items: list[dict[str, Any]] = (await self.world.api.get(f"/api/leads/{lead['id']}/timeline?limit=500")).json()[
            "items"
        ]
        return items

    async def configure(self, **settings: Any) -> None:
        """The account's settings."""
        database = self.world.app.state.services.resources.database
        async with database.write() as connection:
            await connection.execute(update(accounts).values(settings=settings))

    async def texts(self) -> list[str]:
        lead = await self.world.lead()
        items = (await self.world.api.get(f"/api/leads/{lead['id']}/messages?limit=500")).json()["items"]
        return [item["text"] for item in items if item["direction"] == "out" and item["status"] != "canceled"]


@contextlib.asynccontextmanager
async def open_clocked(
    folder: Path, start: datetime = NINE_ON_MONDAY, *, database_url: str | None = None, **overrides: Any
) -> AsyncIterator[ClockedWorld]:
    clock = folder / "clock"
    clock.write_text(str((start - datetime.now(UTC)).total_seconds()))
    more: dict[str, Any] = {"database_url": database_url} if database_url else {}
    async with open_world(folder / "data", env="test", clock_file=clock, **more, **overrides) as world:
        yield ClockedWorld(world, clock)


TEMPLATES = {name: {"name": f"our_{name}", "language": "en_US"} for name in ("follow_up", "reminder")}


async def approve_templates(clocked: ClockedWorld) -> None:
    """The owner's templates, approved by the vendor and set."""
    world = clocked.world
    for template in TEMPLATES.values():
        body = [{"type": "BODY", "text": "We would like to hear from you."}]
        request = {**template, "category": "UTILITY", "components": body}
        token = {"Authorization": "Bearer sandbox-whatsapp-token"}
        made = await world.vendors.post("/v25.0/200000000000001/message_templates", headers=token, json=request)
        made.raise_for_status()
        approved = {"name": template["name"], "status": "APPROVED"}
        (await world.vendors.post("/_sandbox/whatsapp/templates", json=approved)).raise_for_status()
    path = f"/api/integrations/{world.integrations['whatsapp']}"
    (await world.api.patch(path, json={"settings": {"templates": TEMPLATES}})).raise_for_status()


__all__ = ["LEAD", "NINE_ON_MONDAY", "TEMPLATES", "ClockedWorld", "approve_templates", "open_clocked"]

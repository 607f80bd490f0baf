"""The account as a whole: its facts, and the switch that stops every message of the agent."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from api.dependencies import Actor, Admin, Reader, Services, ServicesDep
from api.schemas import AccountChange
from pipewise import outbox
from pipewise.audit import Act
from pipewise.storage import accounts, people
from pipewise.storage.accounts import User

router = APIRouter(prefix="/api", tags=["account"])


@router.get("/settings")
async def get_settings(user: Reader, services: ServicesDep) -> dict[str, Any]:
    async with services.resources.database.read() as connection:
        return _shown(await accounts.account_settings(connection, user.account_id))


@router.patch("/settings")
async def change_settings(user: Admin, services: ServicesDep, body: AccountChange) -> dict[str, Any]:
    async with services.resources.database.write() as connection:
        change = body.model_dump(exclude_unset=True, mode="json")
        changed = await people.change_settings(connection, user.account_id, change)
        await services.record(
            connection, user, Act.SETTINGS_CHANGED, f"account:{user.account_id}", names=sorted(change)
        )
    return _shown(changed)


@router.post("/pause")
async def pause(user: Actor, services: ServicesDep) -> dict[str, Any]:
    """No message of the agent leaves any more; all of them wait."""
    return await _set_paused(services, user, paused=True)


@router.post("/resume")
async def resume(user: Actor, services: ServicesDep) -> dict[str, Any]:
    """What waited goes out, as far as it is not too late for it."""
    return await _set_paused(services, user, paused=False)


async def _set_paused(services: Services, user: User, *, paused: bool) -> dict[str, Any]:
    async with services.resources.database.write() as connection:
        await accounts.set_paused(connection, user.account_id, paused=paused)
        answer = {"paused": await outbox.is_paused(connection, user.account_id)}
        act = Act.ACCOUNT_PAUSED if paused else Act.ACCOUNT_RESUMED
        await services.record(connection, user, act, f"account:{user.account_id}")
    return answer


def _shown(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: settings.get(name) for name in AccountChange.model_fields}

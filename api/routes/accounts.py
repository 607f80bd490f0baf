"""The account as a whole: its settings, and the switch that stops every message of the agent."""

from typing import Annotated, Any

from fastapi import APIRouter, Body

from api.dependencies import Actor, Admin, Reader, Services, ServicesDep
from api.once_route import OnceRoute
from api.settings_schema import EXAMPLES, SettingsChange
from pipewise import outbox
from pipewise.account_settings import AccountSettings
from pipewise.audit import Act
from pipewise.settings_document import read_settings
from pipewise.storage import account_settings as storage
from pipewise.storage import accounts
from pipewise.storage.account_settings import read_document
from pipewise.storage.accounts import User

router = APIRouter(prefix="/api", tags=["account"], route_class=OnceRoute)


@router.get("/settings")
async def get_settings(user: Reader, services: ServicesDep) -> AccountSettings:
    """What holds, defaults included."""
    document = await services.resources.database.ask(lambda c: read_document(c, user.account_id))
    return read_settings(document)


@router.patch("/settings")
async def change_settings(
    user: Admin, services: ServicesDep, body: Annotated[SettingsChange, Body(examples=EXAMPLES)]
) -> AccountSettings:
    """Changes what is given, key by key, and answers what holds then. A list is replaced; null brings a default back."""
    async with services.resources.database.write() as connection:
        settings = await storage.change_settings(
            connection, user.account_id, body.root, actor=user.email, now=services.now()
        )
        await services.record(
            connection, user, Act.SETTINGS_CHANGED, f"account:{user.account_id}", names=sorted(body.root)
        )
    services.resources.account_settings.forget_all()
    return settings


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

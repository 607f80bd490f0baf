"""Controls of the Calendly side: accounts, plans and scopes, the order of reschedule webhooks, local links."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import AfterValidator, BaseModel, Field

from pipewise.sandbox.calendly_answers import event_json, event_type_uri, invitee_json
from pipewise.sandbox.calendly_booking import is_iana_zone
from pipewise.sandbox.calendly_calendar import cancel
from pipewise.sandbox.calendly_state import DEFAULT_TOKEN, SITE, Account
from pipewise.sandbox.state import StateDep

Json = dict[str, Any]

router = APIRouter(prefix="/_sandbox/calendly", tags=["sandbox"])


def known_zone(value: str) -> str:
    if not is_iana_zone(value):
        raise ValueError("not an IANA time zone")
    return value


class AccountRequest(BaseModel):
    access_token: str = Field(default=DEFAULT_TOKEN, min_length=1)
    name: str = "Inês Carvalho"
    email: str = "ines@harbourline.example"
    slug: str = Field(default="ines-harbourline", pattern=r"^[a-z0-9-]+$")
    timezone: Annotated[str, AfterValidator(known_zone)] = "Europe/Lisbon"
    plan: Literal["free", "trial", "paid", "enterprise"] | None = None
    webhooks: bool | None = Field(default=None, description="whether the plan allows webhook subscriptions")
    scopes: list[str] | None = Field(default=None, description="without a list the token has full access")


class SwitchRequest(BaseModel):
    reschedule_order: Literal["canceled_first", "created_first"] | None = None
    local_links: bool | None = Field(default=None, description="links to this sandbox in place of calendly.com")


class InviteeCancelRequest(BaseModel):
    invitee_uuid: str
    reason: str | None = None


def account_json(account: Account) -> Json:
    return {
        "user": account.uri,
        "organization": account.organization,
        "timezone": account.timezone,
        "plan": account.plan,
        "event_types": {event_type.slug: event_type_uri(event_type) for event_type in account.event_types},
    }


@router.post("/accounts")
async def register(request: AccountRequest, state: StateDep) -> Json:
    """A host for this token, with a calendar of its own. A known token keeps its calendar; plan and scopes are set anew."""
    account = state.calendly.add_account(
        request.access_token, name=request.name, email=request.email, slug=request.slug, timezone=request.timezone
    )
    account.plan = request.plan or account.plan
    if request.webhooks is not None:
        account.webhooks = request.webhooks
    account.scopes = None if request.scopes is None else frozenset(request.scopes)
    return account_json(account)


@router.get("/accounts")
async def list_accounts(state: StateDep) -> Json:
    return {"items": [account_json(account) for account in state.calendly.accounts.values()]}


@router.get("/bookings")
async def list_bookings(state: StateDep) -> Json:
    """Every meeting of every account as Calendly would show it."""
    world = state.calendly
    return {
        "items": [{"event": event_json(world, b), "invitee": invitee_json(world, b)} for b in state.calendly.bookings]
    }


@router.post("/cancel")
async def cancel_as_invitee(request: InviteeCancelRequest, state: StateDep) -> Json:
    """What the invitee's own cancel page does."""
    booking = state.calendly.booking_by_invitee(request.invitee_uuid)
    if booking is None:
        raise HTTPException(404, "No such invitee.")
    return cancel(state, booking, by="invitee", reason=request.reason)


@router.post("/disable-subscriptions")
async def disable_subscriptions(state: StateDep) -> Json:
    """What a day of failed deliveries ends in: nothing is delivered any more, and only a new subscription helps."""
    standing = [one for one in state.calendly.subscriptions if one.state == "active"]
    for subscription in standing:
        subscription.state, subscription.updated_at = "disabled", state.clock.now()
        state.ledger.record("calendly", "subscription_disabled", uuid=subscription.uuid, url=subscription.url)
    return {"disabled": len(standing)}


@router.post("/switches")
async def set_switches(request: SwitchRequest, http: Request, state: StateDep) -> Json:
    world = state.calendly
    world.reschedule_order = request.reschedule_order or world.reschedule_order
    if request.local_links is not None:
        world.site = str(http.base_url).rstrip("/") if request.local_links else SITE
    return {"reschedule_order": world.reschedule_order, "local_links": world.site != SITE}

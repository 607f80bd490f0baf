"""What an owner wants to know of a Calendly connection: does the token work, is there something to book, do webhooks arrive?"""

from pipewise.errors import AuthFailed, PlatformError
from pipewise.scheduling import Check, EventType, Host, Subscription

CALLBACK_PATH = "/webhooks/calendly"  # PipeWise's own subscriptions, among those of other tools


def token_works(host: Host) -> Check:
    return Check("token", ok=True, detail=f"Calendly knows this token as {host.name or host.email or 'its owner'}.")


def failed(name: str, error: PlatformError) -> Check:
    """A check that could not be made, with what to do about it."""
    return Check(name, ok=False, detail=error.message, fix=_fix(error), code=error.code)


def event_types_exist(event_types: tuple[EventType, ...]) -> Check:
    bookable = [event_type for event_type in event_types if event_type.bookable]
    if bookable:
        names = ", ".join(event_type.name for event_type in bookable[:5])
        return Check("event_types", ok=True, detail=f"{len(bookable)} can be booked by time: {names}.")
    if event_types:
        return Check(
            "event_types",
            ok=False,
            detail="There are active event types, but none can be booked by time.",
            fix="In Calendly, create a public, unpaid one-on-one event type, or set mode to link.",
        )
    return Check(
        "event_types",
        ok=False,
        detail="This account has no active event type.",
        fix="In Calendly, create an event type and switch it on.",
    )


def webhook_arrives(subscriptions: tuple[Subscription, ...]) -> Check:
    """No subscription is a choice, not a failure; one that Calendly has given up on is."""
    ours = [subscription for subscription in subscriptions if CALLBACK_PATH in subscription.callback_url]
    if not ours:
        return Check("webhook", ok=True, detail="Calendly has no webhook subscription that leads here.")
    if healthy := [subscription for subscription in ours if subscription.active and not subscription.retrying_since]:
        return Check("webhook", ok=True, detail=f"Calendly delivers to {healthy[0].callback_url}.")
    if disabled := [subscription for subscription in ours if not subscription.active]:
        return Check(
            "webhook",
            ok=False,
            detail=f"Calendly has switched off deliveries to {disabled[0].callback_url}.",
            fix=(
                "Make that address reachable. A subscription of PipeWise's own is made anew by itself; one of yours cannot be "
                "switched on again: delete it in Calendly and make another."
            ),
        )
    return Check(
        "webhook",
        ok=False,
        detail=f"Deliveries to {ours[0].callback_url} fail since {ours[0].retrying_since:%Y-%m-%d %H:%M} UTC.",
        fix="Make that address reachable within a day, or Calendly switches the subscription off.",
    )


def webhook_unreadable(error: PlatformError) -> Check:
    """A plan or a token without webhooks is no failure of the connection."""
    if error.vendor_code in {"insufficient_scope", "plan_required"}:
        return Check("webhook", ok=True, detail=f"Webhook subscriptions cannot be read: {error.message}")
    return failed("webhook", error)


def _fix(error: PlatformError) -> str:
    if error.vendor_code == "insufficient_scope":
        return "Create a personal access token with all scopes named in the form, and connect again."
    if isinstance(error, AuthFailed):
        return "Create a new personal access token in Calendly (Integrations, API & Webhooks) and connect again."
    if error.retry_after:
        return f"Test again in {error.retry_after:.0f} seconds."
    if error.retryable:
        return "Test again in a minute; if it stays so, look at Calendly's status page."
    return "Look at Calendly's status page; if all is well there, report this."

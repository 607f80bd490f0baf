"""The links that leads are given while a vendor is down: does the page answer? Asked through the guard, as a user set them."""

from pipewise.guarded_http import GuardedHTTP, UrlRefused, UrlUnreachable
from pipewise.platforms.registry import get_platform
from pipewise.resources import Resources
from pipewise.scheduling import Check
from pipewise.storage.integrations import Integration

NAME = "fallback_link"
GONE = frozenset({404, 410})


async def check_links(resources: Resources, integration: Integration) -> tuple[Check, ...]:
    """Of a calendar: its own fallback link, else the account's; nothing where neither is set."""
    if get_platform(integration.platform).scheduler is None:
        return ()
    own = integration.settings.get("fallback_booking_url")
    url = own or (await resources.account_settings.read(integration.account_id)).fallback_booking_url
    return (await check_link(resources.guarded, url),) if url else ()


async def check_link(guarded: GuardedHTTP, url: str) -> Check:
    """What a page answers to a machine says little, but that it is gone, or that no lead can open it, is worth knowing."""
    try:
        answer = await guarded.request("GET", url)
    except UrlRefused as error:
        fix = "Set fallback_booking_url to a page that anybody on the internet can open."
        return Check(NAME, ok=False, detail=f"Leads cannot open {url}: {error.message}", fix=fix)
    except UrlUnreachable as error:
        return Check(NAME, ok=True, detail=f"{url} could not be looked at from here: {error.message}")
    if answer.status in GONE:
        fix = "Correct fallback_booking_url, or publish the page again."
        return Check(NAME, ok=False, detail=f"There is no page at {url} (status {answer.status}).", fix=fix)
    return Check(NAME, ok=True, detail=f"{url} answers.")

"""Who a lead belongs to: its owner stays; else the host with the fewest leads, the default owner, the first admin."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.account_settings import AccountSettings, TeamHost
from pipewise.leads import Lead
from pipewise.storage import accounts
from pipewise.storage.tables import leads


@dataclass(frozen=True)
class Assignment:
    """`email` is None only for an account without an admin."""

    email: str | None
    reason: str


async def assign(
    connection: AsyncConnection, account_id: str, lead: Lead | None, settings: AccountSettings
) -> Assignment:
    """For whoever has to act on a lead now."""
    if lead and lead.owner:
        return Assignment(lead.owner, "owns the lead already")
    fair = await choose_host(connection, account_id, settings.hosts)
    if fair:
        return fair
    if settings.default_owner:
        return Assignment(settings.default_owner, "is the account's default owner")
    admin = await accounts.first_admin(connection, account_id)
    return Assignment(admin.email if admin else None, "is the account's first admin")


async def choose_host(connection: AsyncConnection, account_id: str, hosts: tuple[TeamHost, ...]) -> Assignment | None:
    """The host with the fewest leads, the first of them in the account's order; None where there are no hosts."""
    if not hosts:
        return None
    emails = [host.email for host in hosts]
    counted = select(leads.c.owner, func.count()).where(leads.c.account_id == account_id, leads.c.owner.in_(emails))
    rows = (await connection.execute(counted.group_by(leads.c.owner))).all()
    owned = {str(owner): int(count) for owner, count in rows}
    chosen = min(emails, key=lambda email: owned.get(email, 0))
    return Assignment(chosen, f"has the fewest leads of {len(hosts)} hosts: {owned.get(chosen, 0)}")

"""A lead out of its rows: its own, its identities', its meetings'."""

from collections.abc import Iterable

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.events import Identity
from pipewise.leads import Lead, Meeting, Status
from pipewise.storage.tables import identities, meetings

LIVE_MEETINGS = ("scheduled", "held", "no_show", "canceled")
# Every turn reads its lead several times, and putting a statement together costs as much as carrying it out.
_IDENTITIES = (
    select(identities.c.lead_id, identities.c.platform, identities.c.external_id)
    .where(
        identities.c.account_id == bindparam("account_id"),
        identities.c.lead_id.in_(bindparam("lead_ids", expanding=True)),
    )
    .order_by(identities.c.created_at)
)
_MEETINGS = (
    select(meetings)
    .where(
        meetings.c.account_id == bindparam("account_id"),
        meetings.c.lead_id.in_(bindparam("lead_ids", expanding=True)),
        meetings.c.status.in_(LIVE_MEETINGS),
    )
    .order_by(meetings.c.created_at)
)


async def complete_leads(connection: AsyncConnection, account_id: str, rows: Iterable[RowMapping]) -> list[Lead]:
    """Join identities and the latest meeting onto lead rows, in two queries for the whole page."""
    rows = list(rows)
    ids = [row["id"] for row in rows]
    if not ids:
        return []
    wanted = {"account_id": account_id, "lead_ids": ids}
    owned: dict[str, list[Identity]] = {}
    for identity in (await connection.execute(_IDENTITIES, wanted)).mappings():
        owned.setdefault(identity["lead_id"], []).append(Identity(identity["platform"], identity["external_id"]))
    held: dict[str, Meeting] = {}
    for row in (await connection.execute(_MEETINGS, wanted)).mappings():
        previous = held.get(row["lead_id"])
        if previous is None or row["status"] != "canceled" or previous.status == "canceled":
            held[row["lead_id"]] = read_meeting(row)
    return [read_lead(row, tuple(owned.get(row["id"], ())), held.get(row["id"])) for row in rows]


def read_meeting(row: RowMapping) -> Meeting:
    return Meeting(
        id=row["id"],
        status=row["status"],
        start_time=row["start_time"],
        end_time=row["end_time"],
        timezone=row["timezone"],
        invitee=row["invitee"],
        join_url=row["join_url"],
        title=row["title"],
    )


def read_lead(row: RowMapping, owned: tuple[Identity, ...] = (), meeting: Meeting | None = None) -> Lead:
    previous = row["status_before_opt_out"]
    columns = dict(row)
    columns.pop("thread_id", None)  # worked out from the ids, and kept for looking up alone
    return Lead(
        **{
            **columns,
            "status": Status(row["status"]),
            "status_before_opt_out": Status(previous) if previous else None,
            "tags": tuple(row["tags"]),
        },
        identities=owned,
        meeting=meeting,
    )

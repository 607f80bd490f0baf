"""Wake-ups on PostgreSQL: one job in Procrastinate's queue for a lead that has work, written in the transaction of the work.

A job says that there may be work, nothing more: what is due stands in the lanes. The embedded engine needs none of this.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.notices import ARRIVALS

QUEUE = "lanes"
TASK = "wake"
CROWD_COUNTED = 100

# Procrastinate's own call raises where a lead waits in the queue already, and that would break the caller's transaction
# and fill the server's log with violations. This is the same insert, content with what is there.
#
# The more lanes of an account have work already, the lower its next job's priority: who floods the queue waits behind the rest.
_CROWD = (
    "(SELECT count(*) FROM (SELECT 1 FROM lanes AS crowd JOIN lanes AS mine USING (account_id)"  # noqa: S608  constants
    f" WHERE mine.lead_id = wanted.lead_id AND crowd.due_at IS NOT NULL LIMIT {CROWD_COUNTED}) AS counted)"
)
_INSERT = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, priority)"
    f" SELECT '{QUEUE}', '{TASK}', lead_id, jsonb_build_object('lead_id', lead_id), -{_CROWD}"
)
_UNLESS_WAITING = " ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING RETURNING id"
_ONE = text(
    f"WITH wanted AS (SELECT CAST(:lead_id AS text) AS lead_id), queued AS ({_INSERT} FROM wanted {_UNLESS_WAITING})"  # noqa: S608
    f" SELECT pg_notify('{ARRIVALS}', :lead_id), (SELECT count(*) FROM queued)"
)
# A lane that another transaction has in hand is left out: whoever has it enqueues what it needs, and nobody waits in a ring.
_MANY = text(
    "WITH wanted AS (SELECT lead_id FROM lanes WHERE lead_id = ANY(:lead_ids) FOR NO KEY UPDATE SKIP LOCKED)"  # noqa: S608
    f" {_INSERT} FROM wanted {_UNLESS_WAITING}"
)


async def enqueue(connection: AsyncConnection, lead_id: str) -> None:
    """There is work for this lead once the transaction commits. Its lane's row is locked by the caller, so that whoever
    takes the job waits for the commit."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_ONE, {"lead_id": lead_id})


async def enqueue_all(connection: AsyncConnection, lead_ids: Sequence[str]) -> None:
    """Leads whose time has come by the tables; nothing arrived just now."""
    await connection.execute(_MANY, {"lead_ids": list(lead_ids)})

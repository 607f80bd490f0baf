"""The tables of trust: who did what, chained so that a change shows; how leads were merged, so that it can be undone; and sums."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table
from sqlalchemy.schema import SchemaItem

from pipewise.storage.tables import metadata
from pipewise.storage.types import Json, UtcDateTime


def _account(*args: SchemaItem, primary_key: bool = False) -> Column[str]:
    key = ForeignKey("accounts.id", ondelete="CASCADE")
    return Column("account_id", String(36), key, *args, nullable=False, primary_key=primary_key)


audit_entries = Table(
    "audit_entries",
    metadata,
    _account(primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("created_at", UtcDateTime, nullable=False),
    Column("actor", String(320), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object", String(120), nullable=False),  # kind:id
    Column("detail", Json, nullable=False),  # never a secret, never what a message says
    Column("mac", String(64), nullable=False),
    Index(None, "account_id", "object", "seq"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("id", String(36), primary_key=True),  # the account's
    _account(),
    Column("sealed", LargeBinary, nullable=False),  # key of the chain, number and code of its last entry
    Index(None, "account_id"),
)

lead_merges = Table(
    "lead_merges",
    metadata,
    Column("id", String(36), primary_key=True),
    _account(),
    Column("lead_id", String(36), ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),  # that goes on
    Column("other_id", String(36), nullable=False),  # that is in it now
    Column("status", String(16), nullable=False),  # due | done | undone | void
    Column("reason", String(200), nullable=False),
    Column("actor", String(320), nullable=False),
    Column("record", Json, nullable=True),  # what was there before, and what was moved
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "lead_id"),
    Index(None, "account_id", "other_id"),
    Index(None, "status", "created_at"),
)

usage_hours = Table(
    "usage_hours",
    metadata,
    _account(primary_key=True),
    Column("hour", UtcDateTime, primary_key=True),
    Column("platform", String(32), primary_key=True),
    Column("action", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("succeeded", Integer, nullable=False),
    Column("response_time_ms", BigInteger, nullable=False),  # summed
    Column("cost_microusd", BigInteger, nullable=False),
)

first_replies = Table(
    "first_replies",
    metadata,
    Column("lead_id", String(36), ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True),
    _account(),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("waited_ms", BigInteger, nullable=False),
    Index(None, "account_id", "waited_ms", "asked_at"),
)

rollup_marks = Table(
    "rollup_marks",
    metadata,
    _account(primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=True),  # everything before is rolled up
    Column("seq", BigInteger, nullable=True),  # everything up to it is
)

integration_health = Table(
    "integration_health",
    metadata,
    Column("integration_id", String(36), ForeignKey("integrations.id", ondelete="CASCADE"), primary_key=True),
    _account(),
    Column("looked_at", UtcDateTime, nullable=False),  # the last time that some process asked the vendor
    Column("circuit", String(16), nullable=False, default="closed"),  # of the process that asked
    Column("quota", Json, nullable=True),
    Column("action", String(1000), nullable=True),  # what mends it
    Column("task_id", String(36), nullable=True),  # by which a person was told
    Column("failing", Json, nullable=True),  # the share of calls that some process saw failing: {failed, calls, at}
    Index(None, "account_id"),
)

integration_changes = Table(
    "integration_changes",
    metadata,
    Column("id", String(36), primary_key=True),
    _account(),
    Column("integration_id", String(36), ForeignKey("integrations.id", ondelete="CASCADE"), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("before", String(32), nullable=False),
    Column("after", String(32), nullable=False),
    Column("code", String(120), nullable=True),  # what was found; NULL: it works
    Column("message", String(1000), nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "account_id", "created_at"),
    Index(None, "integration_id"),
)

booking_tries = Table(
    "booking_tries",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("calendar", String(36), primary_key=True),  # the integration's id, or "default"
    Column("tries", Json, nullable=False, default=list),  # seconds since 1970 of each, in order
)

"""The tables of the graph protocol: threads that clients made, their runs, runs by the clock, and the account's store of JSON items."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table

from pipewise.storage.tables import metadata
from pipewise.storage.types import Json, UtcDateTime

# A client gives its threads any id it likes: two accounts may use the same one without learning of each other.
threads = Table(
    "threads",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("thread_id", String(36), primary_key=True),
    Column("lead_id", String(36), ForeignKey("leads.id", ondelete="CASCADE"), nullable=True),  # of a lead's own thread
    Column("metadata", Json, nullable=False, default=dict),
    Column("status", String(16), nullable=False),  # idle | interrupted | error; busy is told by the runs
    Column("temporary", Boolean, nullable=False, default=False),  # of a run without a thread: removed when it ends
    Column("runs_made", Integer, nullable=False, default=0),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "account_id", "created_at"),
    Index(None, "lead_id"),
)

thread_runs = Table(
    "thread_runs",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("account_id", String(36), nullable=False),
    Column("thread_id", String(36), nullable=False),
    Column("number", Integer, nullable=False),  # of the thread's runs: they are carried out in this order
    Column("lead_id", String(36), ForeignKey("leads.id", ondelete="CASCADE"), nullable=True),
    Column("status", String(16), nullable=False),  # pending | running | success | error | interrupted
    Column("strategy", String(16), nullable=False),
    Column("metadata", Json, nullable=False, default=dict),
    Column("asked", Json, nullable=True),  # what the client sent, until the run ends: it may outlive its process
    Column("asked_by", String(320), nullable=False),
    Column("error", Json, nullable=True),
    Column("holder", String(36), nullable=True),  # the process that carries it out
    Column("held_until", BigInteger, nullable=True),  # seconds by the database's clock
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["account_id", "thread_id"], ["threads.account_id", "threads.thread_id"], ondelete="CASCADE"),
    Index(None, "account_id", "thread_id", "number"),
    Index(None, "lead_id"),
    Index(None, "status"),
)

crons = Table(
    "crons",
    metadata,
    Column("cron_id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", String(36), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),  # whose runs it makes
    Column("thread_id", String(36), nullable=True),  # each of its runs has a thread of its own where this is null
    Column("on_run_completed", String(8), nullable=True),  # delete | keep, of such a thread
    Column("schedule", String(200), nullable=False),
    Column("timezone", String(64), nullable=True),
    Column("end_time", UtcDateTime, nullable=True),
    Column("enabled", Boolean, nullable=False),
    Column("metadata", Json, nullable=False, default=dict),
    Column("asked", Json, nullable=False),  # of each run
    Column("next_run_at", UtcDateTime, nullable=True),  # null if none will come
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["account_id", "thread_id"], ["threads.account_id", "threads.thread_id"], ondelete="CASCADE"),
    Index(None, "account_id", "created_at"),
    Index(None, "account_id", "thread_id"),
    Index(None, "user_id"),
    Index(None, "next_run_at"),
)

store_items = Table(
    "store_items",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("namespace", String(700), primary_key=True),  # labels joined by periods, which no label may hold
    Column("key", String(200), primary_key=True),
    Column("value", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

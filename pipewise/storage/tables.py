"""The tables. Every tenant's row carries `account_id`; the transcript, inbox, outbox and runs outlive the graph's state."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem

from pipewise.storage.types import Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str = "id", *args: SchemaItem, **kwargs: Any) -> Column[str]:
    return Column(name, String(36), *args, **kwargs)


def _account() -> Column[str]:
    return _id("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False)


def _lead(*, nullable: bool = False) -> Column[str]:
    return _id("lead_id", ForeignKey("leads.id", ondelete="CASCADE"), nullable=nullable)


def _seq() -> Column[int]:
    """Arrival order, given by the database."""
    return Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _when(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, UtcDateTime, nullable=nullable)


accounts = Table(
    "accounts",
    metadata,
    _id(primary_key=True),
    Column("paused", Boolean, nullable=False, default=False),
    Column("settings", Json, nullable=False, default=dict),
    _when("created_at"),
)

users = Table(
    "users",
    metadata,
    _id(primary_key=True),
    _account(),
    Column("email", String(320), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password", String(255), nullable=True),  # Argon2id; without one the user logs in by a token alone
    _when("created_at"),
    Index(None, "account_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    _id(primary_key=True),
    _id("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(200), nullable=False, default=""),
    Column("hint", String(16), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    _when("created_at"),
    _when("last_used_at", nullable=True),
    _when("revoked_at", nullable=True),
    Column("scope", String(16), nullable=True),  # the role that it may act as at most; NULL: its user's
    _when("expires_at", nullable=True),
)

integrations = Table(
    "integrations",
    metadata,
    _id(primary_key=True),
    _account(),
    Column("platform", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("status", String(32), nullable=False),
    Column("settings", Json, nullable=False, default=dict),
    Column("credentials", LargeBinary, nullable=True),  # sealed; NULL once disconnected
    Column("previous_credentials", LargeBinary, nullable=True),  # sealed; valid for signatures until the overlap ends
    _when("previous_until", nullable=True),
    Column("hints", Json, nullable=False, default=dict),
    Column("account_ref", String(255), nullable=True),  # the vendor's id of this account
    Column("vendor_state", Json, nullable=False, default=dict),
    _when("last_event_at", nullable=True),
    _when("last_success_at", nullable=True),
    Column("last_error", Json, nullable=True),
    _when("created_at"),
    _when("updated_at"),
    _when("deleted_at", nullable=True),
    Index(None, "account_id", "platform"),
    Index(None, "platform", "account_ref"),
)

integration_stats = Table(
    "integration_stats",
    metadata,
    _id("integration_id", ForeignKey("integrations.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(64), primary_key=True),
    # Of the connection that counts: one row for all would hold up every transaction until the one before has committed.
    Column("part", Integer, primary_key=True, autoincrement=False, server_default="0"),
    _account(),
    Column("value", BigInteger, nullable=False),
)

leads = Table(
    "leads",
    metadata,
    _id(primary_key=True),
    _account(),
    Column("name", String(200), nullable=True),
    Column("email", String(320), nullable=True),
    Column("phone", String(32), nullable=True),
    Column("company", String(200), nullable=True),
    Column("status", String(32), nullable=False),
    Column("status_before_opt_out", String(32), nullable=True),
    Column("owner", String(320), nullable=True),
    Column("score", Integer, nullable=True),
    Column("qualified", Boolean, nullable=True),
    Column("timezone", String(64), nullable=True),
    Column("timezone_certain", Boolean, nullable=False, default=False),
    Column("language", String(16), nullable=True),
    Column("tags", Json, nullable=False, default=list),
    Column("facts", Json, nullable=False, default=dict),
    Column("agent", String(16), nullable=False, default="active"),
    Column("opted_out", Boolean, nullable=False, default=False),
    Column("ownership_version", Integer, nullable=False, default=0),  # rises with takeover, release, opt-out
    Column("checkpoint_id", String(64), nullable=True),  # of the last committed turn
    _id("thread_id", nullable=True),  # of the conversation, as the graph protocol names it
    Column("consent", Boolean, nullable=False, default=False),
    _when("created_at"),
    _when("updated_at"),
    _when("last_inbound_at", nullable=True),
    _when("last_outbound_at", nullable=True),
    Index(None, "account_id", "created_at"),
    Index(None, "account_id", "status"),
    Index(None, "thread_id"),
)

identities = Table(
    "identities",
    metadata,
    _account(),
    Column("platform", String(32), nullable=False),
    Column("external_id", String(320), nullable=False),
    _lead(),
    _when("created_at"),
    UniqueConstraint("account_id", "platform", "external_id"),
    Index(None, "lead_id"),
)

lead_changes = Table(
    "lead_changes",
    metadata,
    _seq(),
    _id(unique=True, nullable=False),
    _account(),
    _lead(),
    Column("kind", String(32), nullable=False),  # status | owner | agent | opted_out | merge | fact
    Column("before", Text, nullable=True),
    Column("after", Text, nullable=True),
    Column("actor", String(320), nullable=False),
    Column("reason", Text, nullable=False),
    _id("event_id", nullable=True),
    _id("run_id", nullable=True),
    _when("created_at"),
    Index(None, "lead_id", "seq"),
)

events = Table(
    "events",
    metadata,
    _seq(),
    _id(unique=True, nullable=False),
    _account(),
    _id("integration_id", nullable=True),
    _lead(nullable=True),
    Column("platform", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("dedupe_key", String(512), nullable=False),
    Column("ref", String(512), nullable=True),  # of a status: the vendor's id of the message it speaks of
    Column("status", String(16), nullable=False),  # accepted | processed | ignored | dead_letter
    Column("reason", Text, nullable=True),
    Column("needs_turn", Boolean, nullable=False, default=True),
    Column("content", Json, nullable=False),
    Column("sealed", LargeBinary, nullable=True),  # of a booking, until it is applied: URLs that act without a login
    Column("sender", Json, nullable=True),
    Column("attempts", Integer, nullable=False, default=0),
    _when("not_before", nullable=True),
    _when("occurred_at"),
    _when("received_at"),
    _when("processed_at", nullable=True),
    _id("run_id", nullable=True),
    UniqueConstraint("account_id", "integration_id", "dedupe_key"),
    # NULLs count as different in a unique key, so events of no integration (the API's) need one of their own.
    Index(
        "uq_events_own_dedupe_key",
        "account_id",
        "dedupe_key",
        unique=True,
        sqlite_where=text("integration_id IS NULL"),
        postgresql_where=text("integration_id IS NULL"),
    ),
    Index(None, "ref"),
    Index("ix_events_open", "lead_id", "status", "occurred_at", "seq"),
    Index(None, "account_id", "status", "seq"),
)

lanes = Table(
    "lanes",
    metadata,
    _id("lead_id", ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True),
    _account(),
    Column("holder", String(64), nullable=True),
    Column("fence", BigInteger, nullable=False, default=0),
    Column("leased_until", BigInteger, nullable=True),  # seconds by the database's clock
    _when("due_at", nullable=True),  # from when on there is work that no holder of the lane has seen
    Index(None, "due_at"),
    Index(None, "account_id", "due_at"),
    Index(None, "holder"),
)

messages = Table(
    "messages",
    metadata,
    _seq(),
    _id(unique=True, nullable=False),
    _account(),
    _lead(),
    Column("direction", String(3), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("author", String(16), nullable=False),  # lead | agent | human | system
    Column("text", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("external_id", String(512), nullable=True),
    _id("event_id", nullable=True),
    _id("run_id", nullable=True),
    _when("created_at"),
    Index(None, "lead_id", "seq"),
    Index(None, "account_id", "external_id"),
)

outbox = Table(
    "outbox",
    metadata,
    _seq(),
    _id("message_id", ForeignKey("messages.id", ondelete="CASCADE"), unique=True, nullable=False),
    _account(),
    _lead(),
    _id("integration_id", nullable=False),
    Column("platform", String(32), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("payload", Json, nullable=False),
    Column("state", String(16), nullable=False),  # pending | sending | unknown | parked | done
    Column("proactive", Boolean, nullable=False, default=False),
    Column("author", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", Json, nullable=True),
    _when("not_before", nullable=True),
    _when("expires_at", nullable=True),
    _when("claimed_at", nullable=True),
    _when("created_at"),
    Index("ix_outbox_open", "lead_id", "state", "seq"),
    Index(None, "state", "claimed_at"),
)

meetings = Table(
    "meetings",
    metadata,
    _id(primary_key=True),
    _account(),
    _lead(),
    _id("integration_id", nullable=True),
    Column("intent_key", String(64), nullable=True, unique=True),
    Column("status", String(16), nullable=False),  # intended | unknown | scheduled | canceled | held | no_show | failed
    Column("source", String(16), nullable=False),  # pipewise | vendor
    Column("event_type", Text, nullable=False),
    Column("title", Text, nullable=False, default=""),
    Column("event_uri", Text, nullable=True),
    Column("invitee_uri", String(512), nullable=True),
    _when("start_time"),
    _when("end_time", nullable=True),
    Column("timezone", String(64), nullable=False),
    Column("invitee", Json, nullable=False),
    Column("join_url", Text, nullable=True),
    Column("links", LargeBinary, nullable=True),  # sealed reschedule and cancel URLs: they act without a login
    Column("history", Json, nullable=False, default=list),
    Column("version", Integer, nullable=False, default=1),
    _id("run_id", nullable=True),
    _when("created_at"),
    _when("updated_at"),
    UniqueConstraint("account_id", "invitee_uri"),
    Index(None, "account_id", "start_time"),
    Index(None, "lead_id", "created_at"),
)

runs = Table(
    "runs",
    metadata,
    _id(primary_key=True),
    _account(),
    _lead(),
    Column("trigger", String(16), nullable=False),  # webhook | http | timer
    Column("outcome", String(16), nullable=False),  # committed | superseded | failed
    Column("record", Json, nullable=False),
    Column("checkpoint_id", String(64), nullable=True),
    _when("started_at"),
    _when("finished_at"),
    Index(None, "lead_id", "started_at"),
)

journal = Table(
    "journal",
    metadata,
    _id(primary_key=True),
    _account(),
    _lead(),
    _id("run_id", nullable=False),
    Column("ordinal", Integer, nullable=False),  # -1: the committed turn; else a segment of one under way
    Column("request", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    _when("created_at"),
    UniqueConstraint("run_id", "ordinal"),
    Index(None, "lead_id", "created_at"),
    Index(None, "created_at"),
)

tasks = Table(
    "tasks",
    metadata,
    _id(primary_key=True),
    _account(),
    _lead(nullable=True),
    Column("kind", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("owner", String(320), nullable=True),
    Column("status", String(16), nullable=False, default="open"),
    _when("due_at", nullable=True),
    _when("created_at"),
    _when("updated_at"),
    Index(None, "account_id", "status", "created_at"),
)

approvals = Table(
    "approvals",
    metadata,
    _id(primary_key=True),
    _account(),
    _lead(),
    _id("run_id", nullable=True),
    Column("text", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("status", String(16), nullable=False),  # pending | accepted | edited | responded | ignored | stale
    Column("ownership_version", Integer, nullable=False),
    Column("decided_by", String(320), nullable=True),
    _when("decided_at", nullable=True),
    _when("created_at"),
    Index(None, "account_id", "status", "created_at"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    _id(primary_key=True),
    _account(),
    _lead(),
    Column("kind", String(16), nullable=False),  # nudge | reminder | thanks | no_show | return | overdue
    Column("basis_key", String(64), nullable=False),  # the run, meeting and version, or task that it rests on
    Column("step", Integer, nullable=False, default=1),
    Column("state", String(16), nullable=False),  # planned | fired | canceled | held
    Column("basis", Json, nullable=False),  # what must still stand when it fires
    Column("reason", Text, nullable=False),
    _when("due_at"),
    _when("moved_at", nullable=True),
    Column("move_reason", Text, nullable=True),
    _when("ended_at", nullable=True),
    Column("end_reason", Text, nullable=True),
    _id("message_id", nullable=True),
    _when("created_at"),
    UniqueConstraint("lead_id", "kind", "basis_key", "step"),
    Index(None, "lead_id", "state", "due_at"),
    Index(None, "message_id"),
)

usage = Table(
    "usage",
    metadata,
    _seq(),
    _account(),
    Column("platform", String(32), nullable=False),
    Column("action", String(64), nullable=False),
    Column("success", Boolean, nullable=False),
    Column("response_time_ms", Integer, nullable=False),
    Column("cost_microusd", BigInteger, nullable=False, default=0),
    _when("created_at"),
    Index(None, "account_id", "created_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    _account(),
    Column("key", String(255), nullable=False),
    Column("request_digest", String(64), nullable=False),
    Column("status_code", Integer, nullable=True),  # NULL until the act is done; -1: done, its answer not kept yet
    Column("answer", Json, nullable=True),
    _when("created_at"),
    _id("id", nullable=True),  # of a row with a sealed answer, which is bound to it
    Column("sealed", LargeBinary, nullable=True),  # an answer that holds a secret
    UniqueConstraint("account_id", "key"),
    Index(None, "created_at"),
    Index(None, "id"),
)

key_checks = Table(
    "key_checks",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    _when("created_at"),
)

"""What goes with an account's settings: who changed them, when and how; what its leads cost in
models; whose a knowledge folder is."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from pipewise.storage.tables import metadata
from pipewise.storage.types import Json, UtcDateTime

settings_changes = Table(
    "settings_changes",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),  # 1 is the first change of an account
    Column("actor", String(320), nullable=False),
    Column("before", Json, nullable=False),  # of the keys that changed, as far as they were set
    Column("after", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "version"),
)

model_spending = Table(
    "model_spending",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("lead_id", String(36), ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String(10), primary_key=True),  # UTC, as 2026-12-03
    Column("tokens", BigInteger, nullable=False),
    Column("cost_microusd", BigInteger, nullable=False),
    Index(None, "account_id", "day"),
)

knowledge_folders = Table(
    "knowledge_folders",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "account_id"),
)

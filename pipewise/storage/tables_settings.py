"""The table that keeps who changed an account's settings, when, and how."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, UniqueConstraint

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

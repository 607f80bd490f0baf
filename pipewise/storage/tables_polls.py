"""How events reach an account where the vendor does not push them: what was seen, and when the vendor is asked next."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from pipewise.storage.tables import metadata
from pipewise.storage.types import Json, UtcDateTime

integration_polls = Table(
    "integration_polls",
    metadata,
    Column("integration_id", String(36), ForeignKey("integrations.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("mode", String(16), nullable=False),  # webhook | polling
    Column("next_at", UtcDateTime(), nullable=False),
    Column("claimed_until", UtcDateTime(), nullable=True),  # some process is at it
    Column("since", UtcDateTime(), nullable=False),  # what is older was told before, or is none of ours
    Column("cursor", Json, nullable=True),  # what was seen, in the platform's own words; NULL: nothing yet
    Column("ask_webhook_at", UtcDateTime(), nullable=True),  # the vendor refused one: not asked again before
    Column("problem", String(120), nullable=True),  # code of the last failure
    Index(None, "account_id"),
    Index(None, "next_at"),
)

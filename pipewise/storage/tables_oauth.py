"""Tables of consent: requests to connect that wait for the vendor's answer, and how long tokens last."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from pipewise.storage.tables import metadata
from pipewise.storage.types import UtcDateTime

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("id", String(64), primary_key=True),  # digest of the state that travels
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", String(36), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("integration_id", String(36), nullable=True),  # to be connected anew; NULL: whichever it turns out to be
    Column("browser", String(64), nullable=False),  # digest of the cookie of the browser that began
    Column("created_at", UtcDateTime(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False),
    Index(None, "expires_at"),
)

integration_tokens = Table(
    "integration_tokens",
    metadata,
    Column("integration_id", String(36), ForeignKey("integrations.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("issued_at", UtcDateTime(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=True),  # NULL: the vendor has not told
    Column("renew_at", UtcDateTime(), nullable=True),  # NULL: only when the vendor refuses it
    Column("claimed_by", String(36), nullable=True),  # whoever asks the vendor for a new one now
    Column("claimed_at", UtcDateTime(), nullable=True),
    Column("attempts", Integer, nullable=False, default=0),  # that failed since the last success
    Column("dead", Boolean, nullable=False, default=False),  # the vendor gives no new one: a person connects again
    Column("warned_days", Integer, nullable=True),  # the last warning before the end: 7 or 1 days
    Index(None, "renew_at"),
)

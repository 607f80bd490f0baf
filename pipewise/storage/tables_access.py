"""The table of sessions: who is logged in with a browser. Only a digest of what the browser holds is stored."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from pipewise.storage.tables import metadata
from pipewise.storage.types import UtcDateTime

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", String(36), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    # The token that the login was made with: the session may no more, and lives no longer.
    Column("token_id", String(36), ForeignKey("api_tokens.id", ondelete="CASCADE"), nullable=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # to the minute
    Column("ends_at", UtcDateTime, nullable=False),  # however much it is used
    Index(None, "user_id"),
    Index(None, "ends_at"),
)

"""Passwords and sessions, what a token may and until when, and sealed answers of repeated requests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipewise.storage import types

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("users", sa.Column("password", sa.String(length=255), nullable=True))
    op.add_column("api_tokens", sa.Column("scope", sa.String(length=16), nullable=True))
    op.add_column("api_tokens", sa.Column("expires_at", types.UtcDateTime(), nullable=True))
    op.add_column("idempotency_keys", sa.Column("id", sa.String(length=36), nullable=True))
    op.add_column("idempotency_keys", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"])
    op.create_index(op.f("ix_idempotency_keys_id"), "idempotency_keys", ["id"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("token_id", sa.String(length=36), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("ends_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_sessions_token_id_api_tokens"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    op.create_index(op.f("ix_sessions_ends_at"), "sessions", ["ends_at"])


def downgrade() -> None:
    op.drop_table("sessions")
    op.drop_index(op.f("ix_idempotency_keys_id"), "idempotency_keys")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys")
    for table, columns in (
        ("idempotency_keys", ("sealed", "id")),
        ("api_tokens", ("expires_at", "scope")),
        ("users", ("password",)),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)

"""Runs by the clock."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipewise.storage import types

revision: str = "0013"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "crons",
        sa.Column("cron_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("thread_id", sa.String(length=36), nullable=True),
        sa.Column("on_run_completed", sa.String(length=8), nullable=True),
        sa.Column("schedule", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("end_time", types.UtcDateTime(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("metadata", types.Json, nullable=False),
        sa.Column("asked", types.Json, nullable=False),
        sa.Column("next_run_at", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_crons_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_crons_user_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id", "thread_id"],
            ["threads.account_id", "threads.thread_id"],
            name=op.f("fk_crons_account_id_threads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cron_id", name=op.f("pk_crons")),
    )
    op.create_index(op.f("ix_crons_account_id_created_at"), "crons", ["account_id", "created_at"])
    op.create_index(op.f("ix_crons_account_id_thread_id"), "crons", ["account_id", "thread_id"])
    op.create_index(op.f("ix_crons_user_id"), "crons", ["user_id"])
    op.create_index(op.f("ix_crons_next_run_at"), "crons", ["next_run_at"])


def downgrade() -> None:
    op.drop_table("crons")

"""The record of changes to an account's settings, what its leads cost in models, and whose a knowledge folder is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipewise.storage import types

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "settings_changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=320), nullable=False),
        sa.Column("before", types.Json, nullable=False),
        sa.Column("after", types.Json, nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_settings_changes_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_settings_changes")),
        sa.UniqueConstraint("account_id", "version", name=op.f("uq_settings_changes_account_id_version")),
    )
    op.create_table(
        "model_spending",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_microusd", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_model_spending_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_model_spending_lead_id_leads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lead_id", "day", name=op.f("pk_model_spending")),
    )
    with op.batch_alter_table("model_spending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_spending_account_id_day"), ["account_id", "day"], unique=False)
    op.create_table(
        "knowledge_folders",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_knowledge_folders_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_knowledge_folders")),
    )
    with op.batch_alter_table("knowledge_folders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_knowledge_folders_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_table("knowledge_folders")
    op.drop_table("model_spending")
    op.drop_table("settings_changes")

"""Asking vendors for events that they do not push, and how calls to them go."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipewise.storage import types

revision: str = "0010"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "integration_polls",
        sa.Column("integration_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("next_at", types.UtcDateTime(), nullable=False),
        sa.Column("claimed_until", types.UtcDateTime(), nullable=True),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("cursor", types.Json, nullable=True),
        sa.Column("ask_webhook_at", types.UtcDateTime(), nullable=True),
        sa.Column("problem", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name=op.f("fk_integration_polls_integration_id_integrations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_integration_polls_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("integration_id", name=op.f("pk_integration_polls")),
    )
    op.create_index(op.f("ix_integration_polls_account_id"), "integration_polls", ["account_id"])
    op.create_index(op.f("ix_integration_polls_next_at"), "integration_polls", ["next_at"])

    op.add_column("integration_health", sa.Column("failing", types.Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("integration_health") as table:
        table.drop_column("failing")
    op.drop_table("integration_polls")

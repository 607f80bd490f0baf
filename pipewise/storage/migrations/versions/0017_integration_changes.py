"""When the status of an integration changed: for the timelines of the leads whose conversations it carries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipewise.storage import types

revision: str = "0017"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "integration_changes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("integration_id", sa.String(length=36), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("before", sa.String(length=32), nullable=False),
        sa.Column("after", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=True),
        sa.Column("message", sa.String(length=1000), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_integration_changes_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name=op.f("fk_integration_changes_integration_id_integrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration_changes")),
    )
    op.create_index(
        op.f("ix_integration_changes_account_id_created_at"), "integration_changes", ["account_id", "created_at"]
    )
    op.create_index(op.f("ix_integration_changes_integration_id"), "integration_changes", ["integration_id"])


def downgrade() -> None:
    op.drop_table("integration_changes")

"""The bookings that were lately tried of each calendar, counted for all processes together."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipewise.storage import types

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "booking_tries",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("calendar", sa.String(length=36), nullable=False),
        sa.Column("tries", types.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_booking_tries_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "calendar", name=op.f("pk_booking_tries")),
    )


def downgrade() -> None:
    op.drop_table("booking_tries")

"""The journal of turns, lanes found by their account, and counters in parts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipewise.storage import types

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_journal_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_journal_lead_id_leads"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("run_id", "ordinal", name=op.f("uq_journal_run_id_ordinal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_lead_id_created_at"), ["lead_id", "created_at"], unique=False)

    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lanes_account_id_due_at"), ["account_id", "due_at"], unique=False)

    with op.batch_alter_table("integration_stats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.Integer(), autoincrement=False, server_default="0", nullable=False))
        batch_op.drop_constraint(batch_op.f("pk_integration_stats"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_integration_stats"), ["integration_id", "name", "part"])


def downgrade() -> None:
    _join_counters()
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lanes_account_id_due_at"))
    op.drop_table("journal")


def _join_counters() -> None:
    counters = sa.table("integration_stats", *map(sa.column, ("integration_id", "name", "part", "account_id", "value")))
    key = (counters.c.integration_id, counters.c.name, counters.c.account_id)
    sums = sa.select(*key, sa.func.sum(counters.c.value).label("value")).group_by(*key)
    joined = [dict(row) for row in op.get_bind().execute(sums).mappings()]
    op.execute(sa.delete(counters))
    with op.batch_alter_table("integration_stats", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("pk_integration_stats"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_integration_stats"), ["integration_id", "name"])
        batch_op.drop_column("part")
    op.bulk_insert(counters, joined)

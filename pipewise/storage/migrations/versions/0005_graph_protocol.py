"""Threads, their runs and the store of the graph protocol; leads found by the thread of their conversation."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipewise.storage import types

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = 5000


def upgrade() -> None:
    op.create_table(
        "store_items",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("namespace", sa.String(length=700), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", types.Json, nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_store_items_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "namespace", "key", name=op.f("pk_store_items")),
    )
    op.create_table(
        "threads",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("thread_id", sa.String(length=36), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=True),
        sa.Column("metadata", types.Json, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("temporary", sa.Boolean(), nullable=False),
        sa.Column("runs_made", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_threads_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_threads_lead_id_leads"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "thread_id", name=op.f("pk_threads")),
    )
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_threads_account_id_created_at"), ["account_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_threads_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "thread_runs",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("thread_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("strategy", sa.String(length=16), nullable=False),
        sa.Column("metadata", types.Json, nullable=False),
        sa.Column("asked", types.Json, nullable=True),
        sa.Column("asked_by", sa.String(length=320), nullable=False),
        sa.Column("error", types.Json, nullable=True),
        sa.Column("holder", sa.String(length=36), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "thread_id"],
            ["threads.account_id", "threads.thread_id"],
            name=op.f("fk_thread_runs_account_id_threads"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_thread_runs_lead_id_leads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_thread_runs")),
    )
    with op.batch_alter_table("thread_runs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_thread_runs_account_id_thread_id_number"),
            ["account_id", "thread_id", "number"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_thread_runs_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_runs_status"), ["status"], unique=False)

    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread_id", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_leads_thread_id"), ["thread_id"], unique=False)
    _name_threads()


def _name_threads() -> None:
    """Every lead's conversation has had its thread's id all along; now it can be looked up."""
    connection = op.get_bind()
    leads = sa.table("leads", *(sa.column(name) for name in ("id", "account_id", "thread_id")))
    naming = leads.update().where(leads.c.id == sa.bindparam("key_id")).values(thread_id=sa.bindparam("thread"))
    last = ""
    while found := connection.execute(
        sa.select(leads.c.id, leads.c.account_id).where(leads.c.id > last).order_by(leads.c.id).limit(BATCH)
    ).all():
        rows = [{"key_id": row.id, "thread": types.thread_id_of(row.account_id, row.id)} for row in found]
        connection.execute(naming, rows)
        last = found[-1].id


def downgrade() -> None:
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leads_thread_id"))
        batch_op.drop_column("thread_id")

    with op.batch_alter_table("thread_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_runs_status"))
        batch_op.drop_index(batch_op.f("ix_thread_runs_lead_id"))
        batch_op.drop_index(batch_op.f("ix_thread_runs_account_id_thread_id_number"))

    op.drop_table("thread_runs")
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_threads_lead_id"))
        batch_op.drop_index(batch_op.f("ix_threads_account_id_created_at"))

    op.drop_table("threads")
    op.drop_table("store_items")

"""Repositories of a provider are followed by pattern, and a reading tells how many rows of each kind it brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_patterns",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("connection_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("patterns", sa.JSON(), nullable=False),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("expanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_source_patterns_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_patterns")),
    )
    op.create_index(op.f("ix_source_patterns_workspace_id"), "source_patterns", ["workspace_id"])
    op.create_index(op.f("ix_source_patterns_connection_id"), "source_patterns", ["connection_id"])
    with op.batch_alter_table("sync_runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counts", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    # A Sightline of before cannot read a provider: its sources and accounts would only fail there.
    op.execute("DELETE FROM sources WHERE kind <> 'git'")
    op.execute("DELETE FROM connections WHERE side = 'source'")
    with op.batch_alter_table("sync_runs", schema=None) as batch_op:
        batch_op.drop_column("counts")
    op.drop_table("source_patterns")

"""Rules that leave pull requests out of every number, with who made each and why."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exclusion_rules",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("repo_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("pattern", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_exclusion_rules_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion_rules")),
        sa.UniqueConstraint(
            "workspace_id", "repo_id", "field", "pattern", name=op.f("uq_exclusion_rules_workspace_id")
        ),
    )
    with op.batch_alter_table("exclusion_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exclusion_rules_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("exclusion_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exclusion_rules_workspace_id"))

    op.drop_table("exclusion_rules")

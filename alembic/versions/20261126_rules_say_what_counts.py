"""A rule says what counts as a deployment or an incident, in one repository or in all."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact_rules",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("repo_id", sa.String(length=32), nullable=False),
        sa.Column("fact", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_fact_rules_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_rules")),
        sa.UniqueConstraint("workspace_id", "repo_id", "fact", name=op.f("uq_fact_rules_workspace_id")),
    )
    with op.batch_alter_table("fact_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_rules_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("fact_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fact_rules_workspace_id"))

    op.drop_table("fact_rules")

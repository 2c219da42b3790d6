"""A schedule may name people and teams, and send each recipient their own team's figures."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scheduled_reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recipient_names", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("bursts", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("portion", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("portion_name", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("recipients", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("unreached", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_constraint("uq_occurrences_once", type_="unique")
        batch_op.create_unique_constraint("uq_occurrences_once", ["schedule_id", "due_at", "portion"])

    with op.batch_alter_table("report_runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("portion", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("burst", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("report_runs", schema=None) as batch_op:
        batch_op.drop_column("burst")
        batch_op.drop_column("portion")

    op.execute("DELETE FROM occurrences WHERE portion <> ''")
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.drop_constraint("uq_occurrences_once", type_="unique")
        batch_op.create_unique_constraint("uq_occurrences_once", ["schedule_id", "due_at"])
        batch_op.drop_column("unreached")
        batch_op.drop_column("recipients")
        batch_op.drop_column("portion_name")
        batch_op.drop_column("portion")

    with op.batch_alter_table("scheduled_reports", schema=None) as batch_op:
        batch_op.drop_column("bursts")
        batch_op.drop_column("recipient_names")

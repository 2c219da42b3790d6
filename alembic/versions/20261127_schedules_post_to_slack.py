"""A schedule may be posted to Slack, by mail or both."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scheduled_reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slack_connection", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("slack_channels", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("scheduled_reports", schema=None) as batch_op:
        batch_op.drop_column("slack_channels")
        batch_op.drop_column("slack_connection")

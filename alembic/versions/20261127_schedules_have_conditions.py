"""A schedule may send its report only if something is so."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scheduled_reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("condition", sa.String(length=160), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("scheduled_reports", schema=None) as batch_op:
        batch_op.drop_column("condition")

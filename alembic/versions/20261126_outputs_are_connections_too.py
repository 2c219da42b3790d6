"""Where reports are sent can be registered once, as what they ask can: a connection says which of the two it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("side", sa.String(length=16), server_default="datasource", nullable=False))


def downgrade() -> None:
    # A Sightline of before knows no outputs: it would take one for a datasource that is not installed.
    op.execute("DELETE FROM connections WHERE side = 'output'")
    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.drop_column("side")

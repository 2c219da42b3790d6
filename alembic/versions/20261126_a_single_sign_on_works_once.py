"""A single sign-on opens one session: whoever signs out stays out, and a copy of it is worth nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "used_vouchers",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_vouchers")),
    )
    with op.batch_alter_table("used_vouchers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_vouchers_used_at"), ["used_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("used_vouchers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_used_vouchers_used_at"))

    op.drop_table("used_vouchers")

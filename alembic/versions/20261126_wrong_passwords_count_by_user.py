"""Wrong passwords count by user: typing the name and then the address gives no further tries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.String(length=32), nullable=True))
        batch_op.alter_column("username", existing_type=sa.String(length=120), type_=sa.String(length=254))
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM sign_in_attempts WHERE length(username) > 120")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_user_id"))
        batch_op.alter_column("username", existing_type=sa.String(length=254), type_=sa.String(length=120))
        batch_op.drop_column("user_id")

"""Alembic's environment: every room's models on one metadata, SQLite altered by copy."""

from __future__ import annotations

import sqlalchemy as sa

from alembic import context
from core.bootstrap import models
from core.stores.app import AppStore, Base

models()


def _engine() -> sa.Engine:
    given = context.config.attributes.get("engine")
    if isinstance(given, sa.Engine):
        return given
    from core.base.settings import settings

    return AppStore(settings().app_database_url).engine


with _engine().connect() as connection:
    if connection.dialect.name == "postgresql":
        # Two first starts at once: the second waits here and then finds nothing to do.
        connection.execute(sa.text("SELECT pg_advisory_lock(7461)"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

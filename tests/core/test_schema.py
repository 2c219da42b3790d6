"""The migrations make the schema that the models describe, on both kinds of app store."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.bootstrap import models
from core.stores.app import AppStore, Base


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AppStore:
    if request.param == "sqlite":
        return AppStore(f"sqlite:///{tmp_path / 'empty.db'}")
    store = AppStore(request.getfixturevalue("pg_url"))
    with store.engine.begin() as connection:
        # Other tests of this process have left their tables here.
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return store


def test_the_migrations_and_the_models_agree(empty: AppStore) -> None:
    models()

    empty.migrate()
    empty.migrate()

    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        drift = compare_metadata(context, Base.metadata)
    empty.close()
    assert drift == []

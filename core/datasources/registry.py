"""The kinds of datasources by key. None is imported before a report names it."""

from __future__ import annotations

from core.base.late import LateRegistry
from core.datasources.datasource import Datasource

BUILT_IN = {
    "sql": "core.datasources.kinds.sql:Sql",
    "mysql": "core.datasources.kinds.sql:Sql",
}

DATASOURCES: LateRegistry[type[Datasource]] = LateRegistry("datasource plugin", "sightline.datasources", BUILT_IN)

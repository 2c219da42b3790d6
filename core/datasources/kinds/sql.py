"""SQL databases."""

from __future__ import annotations

import sqlite3
from typing import Any

from pydantic import ConfigDict

from core.datasources.datasource import Datasource, DatasourceArgs
from core.datasources.tables import of_columns


class SqlArgs(DatasourceArgs):
    model_config = ConfigDict(extra="allow", frozen=True)

    driver: str = "mysql"
    database: str = ""


class Sql(Datasource):
    key = "sql"
    label = "SQL database"
    Args = SqlArgs

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Any:
        with sqlite3.connect(self.args.database) as connection:
            cursor = connection.execute(text)
            names = [column[0] for column in cursor.description]
            found = cursor.fetchall()
        return of_columns({name: [row[place] for row in found] for place, name in enumerate(names)})

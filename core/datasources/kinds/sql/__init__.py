"""SQL databases: MySQL and MariaDB, SQLite, PostgreSQL, ClickHouse, DuckDB.

`source` is the datasource; `tokens` puts the report's days into a query, `guard` lets
only reading statements through, `reading` fetches within limits, and a file a dialect
says how that database is spoken to. A dialect is imported when a report names it.
"""

from core.datasources.kinds.sql.args import SqlArgs
from core.datasources.kinds.sql.source import Sql

__all__ = ["Sql", "SqlArgs"]

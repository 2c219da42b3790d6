"""Where a database is, and how much may be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, ConfigDict, Field, SecretStr, model_validator

from core.datasources.datasource import DatasourceArgs
from core.datasources.hints import Hint

MEBIBYTE = 1024 * 1024
NAMES = {
    "mysql": "MySQL, MariaDB",
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "clickhouse": "ClickHouse",
    "duckdb": "DuckDB",
}
SERVERS = Hint(only={"driver": ("mysql", "postgresql", "clickhouse")})
"""Settings that a database in a file has not."""


class SqlArgs(DatasourceArgs):
    """Settings of a SQL database. Whatever is not named here goes to the driver."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)

    driver: Annotated[Literal["mysql", "sqlite", "postgresql", "clickhouse", "duckdb"], Hint(names=NAMES)] = Field(
        "mysql", description="Kind of database; mysql speaks to MariaDB too."
    )
    host: Annotated[str, SERVERS] = Field(
        "", description="Name or address of the server, with a port where it is not the usual one."
    )
    port: Annotated[int | None, SERVERS] = Field(
        None, ge=1, le=65535, description="Port, where it is not the usual one."
    )
    user: Annotated[str, SERVERS] = Field("", description="Name to log in with. One that may only read is best.")
    password: Annotated[SecretStr, SERVERS] = Field(
        SecretStr(""), validation_alias=AliasChoices("password", "passwd"), description="Password of that user."
    )
    database: str = Field(
        "",
        validation_alias=AliasChoices("database", "db", "dbname"),
        description="Name of the database; for SQLite and DuckDB the path of its file.",
    )
    time_zone: Annotated[str, SERVERS] = Field(
        "", description="Time zone of the session, as the server knows it. PostgreSQL and ClickHouse: the report's."
    )
    timeout_s: float = Field(60, gt=0, le=3600, description="Seconds after which a query is stopped.")
    max_rows: int = Field(1_000_000, ge=1, description="Rows after which reading stops, with a note.")
    max_bytes: int = Field(64 * MEBIBYTE, ge=1, description="Bytes after which reading stops, with a note.")

    @model_validator(mode="before")
    @classmethod
    def _host_and_port(cls, given: Any) -> Any:
        """`host: name:3306` says both."""
        host = given.get("host") if isinstance(given, Mapping) else None
        if not isinstance(host, str) or host.count(":") != 1 or given.get("port"):
            return given
        name, _, port = host.partition(":")
        return {**given, "host": name, "port": int(port)} if port.isdigit() else given

    @property
    def others(self) -> dict[str, Any]:
        """Arguments for the driver itself."""
        return dict(self.model_extra or {})

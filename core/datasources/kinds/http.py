"""Any web API that answers with JSON: rows are picked out of the reply by JSONPath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr

from core.base.errors import BadInput
from core.datasources.datasource import Answer, Datasource, DatasourceArgs, refuse
from core.datasources.discreet import path as path_of
from core.datasources.kinds.prometheus import BasicAuth
from core.datasources.tables import of_columns, of_records
from core.datasources.times import parsed
from core.datasources.web import TIMEOUT_S, Web

TOKENS = {"{from}": "wall_start", "{to}": "wall_end"}


class HttpArgs(DatasourceArgs):
    """Where the API is, and how its replies become rows."""

    url: str = Field(min_length=1, validation_alias=AliasChoices("url", "api_host"), description="Address of the API.")
    method: Literal["GET", "POST"] = Field("GET", description="How it is asked.")
    headers: dict[str, str] = Field({}, description="Headers of every question.")
    params: dict[str, str] = Field({}, description="Parameters of every question.")
    basic_auth: BasicAuth | None = Field(None, description="User name and password.")
    token: SecretStr = Field(SecretStr(""), description="Bearer token.")
    query_param: str = Field("query", description="Parameter that the view's query is sent as, unless it is a path.")
    rows: str = Field("", description="JSONPath of the rows; default the reply itself, or the one list in it.")
    columns: dict[str, str] = Field({}, description="Column → JSONPath within a row; default every key of the row.")
    verify_tls: bool = Field(True, description="Check the server's certificate.")
    timeout_s: float = Field(TIMEOUT_S, gt=0, le=600, description="Seconds to wait for an answer.")


class Http(Datasource):
    """A JSON API.

    A query that begins with "/" or "?" is put behind the address; one that begins with
    "$" is the JSONPath of the rows; any other is sent as the parameter `query_param`.
    `{from}` and `{to}` in it are the report's days.
    """

    key = "http"
    label = "Web API"
    Args = HttpArgs

    def query(
        self,
        text: str,
        *,
        rows: int | None = None,
        rows_path: str = "",
        params: Mapping[str, Any] | None = None,
        columns: Mapping[str, str] | None = None,
        parse_dates: Any = None,
        **options: Any,
    ) -> Answer:
        """The rows of the reply; the view may give its own `rows_path`, `columns`, `params` and `parse_dates`."""
        refuse(options, "A web API", "rows_path, params, columns and parse_dates")
        _fitting(rows_path, params, columns)
        asked = self._tokens(text.strip())
        picked = asked if asked.startswith("$") else rows_path or self.args.rows
        sent = {**self.args.params, **{name: self._tokens(str(value)) for name, value in (params or {}).items()}}
        path = ""
        if asked.startswith(("/", "?")):
            path = asked
        elif asked and not asked.startswith("$"):
            sent[self.args.query_param] = asked
        told = self._reply(path, sent)
        table = _table(_rows(told, picked), columns or self.args.columns)
        return Answer(parsed(table, parse_dates), statement=path_of(asked))

    def check(self) -> str:
        self._reply("", self.args.params)
        return f"{self.args.url} answers with JSON."

    def close(self) -> None:
        if web := self.__dict__.get("_web"):
            web.close()

    def _tokens(self, text: str) -> str:
        for token, name in TOKENS.items():
            text = text.replace(token, getattr(self.window, name).isoformat())
        return text

    def _reply(self, path: str, params: Mapping[str, str]) -> Any:
        args = self.args
        if "_web" not in self.__dict__:
            token, login = args.token.get_secret_value(), args.basic_auth
            self._web = Web(
                args.url if "://" in args.url else f"https://{args.url}",
                headers={**args.headers, **({"Authorization": f"Bearer {token}"} if token else {})},
                auth=(login.username, login.password.get_secret_value()) if login else None,
                verify=args.verify_tls,
                timeout_s=args.timeout_s,
            )
        if args.method == "POST":
            return self._web.json(path, method="POST", json=dict(params))
        return self._web.json(path, params=dict(params)) if params else self._web.json(path)


def _fitting(path: Any, params: Any, columns: Any) -> None:
    """Return quietly if a view's options are of the kinds that are read below; BadInput that says what they are."""
    if not isinstance(path, str):
        raise BadInput("'rows_path' is a JSONPath, such as $.items[*].")
    if params is not None and not isinstance(params, Mapping):
        raise BadInput("'params' holds names and values: {since: 2026-01-01}.")
    if columns is not None and not (isinstance(columns, Mapping) and all(isinstance(p, str) for p in columns.values())):
        raise BadInput("'columns' holds names and JSONPaths: {total: $.sum}.")


def _rows(told: Any, path: str) -> list[Any]:
    if path:
        found = _found(path, told)
        return found[0] if len(found) == 1 and isinstance(found[0], list) else found
    if isinstance(told, Mapping):
        lists = [value for value in told.values() if isinstance(value, list)]
        return lists[0] if len(lists) == 1 else [told]
    return told if isinstance(told, list) else [told]


def _table(rows: Sequence[Any], columns: Mapping[str, str]) -> Any:
    if columns:
        return of_columns({name: [_one(path, row) for row in rows] for name, path in columns.items()})
    named = [row if isinstance(row, Mapping) else {"value": row} for row in rows]
    return of_records([{name: _flat(value) for name, value in row.items()} for row in named])


def _one(path: str, row: Any) -> Any:
    found = _found(path if path.startswith("$") else f"$.{path}", row)
    return _flat(found[0]) if found else None


def _found(path: str, told: Any) -> list[Any]:
    import jsonpath

    try:
        return list(jsonpath.findall(path, told))
    except jsonpath.JSONPathError as error:
        raise BadInput(
            f"'{path}' is no JSONPath: {error}. Write $.items[*], or $.items[*].name for a column."
        ) from error


def _flat(value: Any) -> Any:
    """A list or an object within a cell as its JSON."""
    import json

    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value

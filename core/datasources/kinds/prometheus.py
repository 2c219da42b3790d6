"""Prometheus: range queries in PromQL over the report's days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from core.base.period import zone_of
from core.datasources.datasource import Answer, Datasource, DatasourceArgs, refuse
from core.datasources.tables import of_columns
from core.datasources.web import TIMEOUT_S, Web, address


class BasicAuth(BaseModel):
    """A login."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str
    password: SecretStr = SecretStr("")


class PrometheusArgs(DatasourceArgs):
    """Where the server is."""

    host: str = Field(min_length=1, description="Host, with a port or a protocol where it needs one: prometheus:9090.")
    basic_auth: BasicAuth | None = Field(None, description="User name and password, where the server asks for them.")
    token: SecretStr = Field(SecretStr(""), description="Bearer token, where a gateway asks for one.")
    verify_tls: bool = Field(True, description="Check the server's certificate.")
    timeout_s: float = Field(TIMEOUT_S, gt=0, le=600, description="Seconds to wait for an answer.")


class Prometheus(Datasource):
    """A Prometheus server, or anything that speaks its HTTP API."""

    key = "prometheus"
    label = "Prometheus"
    Args = PrometheusArgs

    def query(self, text: str, *, rows: int | None = None, step: str = "1h", **options: Any) -> Answer:
        """A table of time, value and a column a label: one row a sample, [start, end)."""
        refuse(options, "Prometheus", "step")
        start, end = self.window.period.start, self.window.period.end
        asked = {"query": text.strip(), "start": _stamp(start), "end": _stamp(end), "step": str(step)}
        found = self._asked("/api/v1/query_range", asked)
        samples = [one for one in _samples(found) if one[0] < end.timestamp()]
        return Answer(
            _table(samples, self.window.zone),
            note="; ".join(found.get("warnings", [])),
            statement=text.strip(),
            parameters={name: asked[name] for name in ("start", "end", "step")},
        )

    def check(self) -> str:
        told = self._asked("/api/v1/status/buildinfo", {})["data"]
        return f"Prometheus {told.get('version', 'of unknown version')} answers."

    def schema(self) -> list[tuple[str, str, str]]:
        """Every metric with its type."""
        known = self._asked("/api/v1/metadata", {})["data"]
        return [(name, "value", str(told[0].get("type", ""))) for name, told in sorted(known.items()) if told]

    def close(self) -> None:
        if web := self.__dict__.get("_web"):
            web.close()

    def _asked(self, path: str, params: Mapping[str, str]) -> Any:
        if "_web" not in self.__dict__:
            self._web = self._connected()
        return self._web.json(path, params=dict(params))

    def _connected(self) -> Web:
        args = self.args
        token, login = args.token.get_secret_value(), args.basic_auth
        return Web(
            address(args.host),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            auth=(login.username, login.password.get_secret_value()) if login else None,
            verify=args.verify_tls,
            timeout_s=args.timeout_s,
        )


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _samples(reply: Mapping[str, Any]) -> Iterator[tuple[float, float, Mapping[str, str]]]:
    """(seconds since 1970, value, labels) of every sample of every series."""
    told = reply["data"]
    if told["resultType"] == "matrix":
        for series in told["result"]:
            for at, value in series["values"]:
                yield float(at), float(value), series.get("metric", {})
    elif told["resultType"] == "scalar":
        yield float(told["result"][0]), float(told["result"][1]), {}


def _table(samples: list[tuple[float, float, Mapping[str, str]]], zone: str) -> Any:
    clock = zone_of(zone)
    names = list(dict.fromkeys(name for _, _, labels in samples for name in labels))
    columns: dict[str, list[Any]] = {
        "time": [datetime.fromtimestamp(at, clock) for at, _, _ in samples],
        "value": [value for _, value, _ in samples],
    }
    for name in names:
        label = name if name not in columns else f"{name}_label"
        columns[label] = [labels.get(name) for _, _, labels in samples]
    return of_columns(columns)

"""Google Analytics 4, asked in a report file's words: account, property, dimensions, metrics, filters, ordering."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr

from core.base.counted import counted
from core.base.errors import BadInput, NotFound, did_you_mean
from core.datasources.datasource import Answer, Datasource, DatasourceArgs
from core.datasources.kinds.ga_names import DIMENSIONS, METRICS
from core.datasources.tables import of_columns
from core.datasources.web import TIMEOUT_S, Web
from core.datasources.window import Window

KEY_FILE = "/etc/kpireporter/google_oauth2_key.json"
SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
MOST_DAYS = 3_660
PAGE = 100_000
"""Rows of one reply, the most that the API gives."""

TIMES = {"date": "%Y%m%d", "dateHour": "%Y%m%d%H", "dateHourMinute": "%Y%m%d%H%M", "yearMonth": "%Y%m"}
"""Dimensions that are moments, and how the API writes them."""

OPERATORS = {"==": "EXACT", "!=": "EXACT", "=@": "CONTAINS", "!@": "CONTAINS", "=~": "FULL_REGEXP", "!~": "FULL_REGEXP"}
NUMERIC = {">": "GREATER_THAN", "<": "LESS_THAN", ">=": "GREATER_THAN_OR_EQUAL", "<=": "LESS_THAN_OR_EQUAL"}
WORD = re.compile(r"\s*([\w:]+)\s*(==|!=|=@|!@|=~|!~|>=|<=|>|<)\s*(.*?)\s*", re.S)


class GoogleAnalyticsArgs(DatasourceArgs):
    """Who asks, and where."""

    key_file: str = Field(KEY_FILE, description="Service account key, as a JSON file.")
    key_json: SecretStr = Field(SecretStr(""), description="The same key as text, instead of a file.")
    api: str = Field("https://analyticsdata.googleapis.com", description="Address of the Data API.")
    admin_api: str = Field("https://analyticsadmin.googleapis.com", description="Address of the Admin API.")
    timeout_s: float = Field(TIMEOUT_S, gt=0, le=600, description="Seconds to wait for an answer.")


class GoogleAnalytics(Datasource):
    """Reports of the Data API of Google Analytics 4."""

    key = "googleanalytics"
    label = "Google Analytics"
    Args = GoogleAnalyticsArgs

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Answer:
        """`report`: the dimensions first, then a column a metric."""
        if text.strip() != "report":
            raise BadInput(f"Google Analytics has no question '{text.strip()}'. It has report.")
        try:
            return self.query_report(**options)
        except TypeError as error:
            raise BadInput(f"Google Analytics' report does not take this: {error}.") from error

    def query_report(
        self,
        account_like: str | None = None,
        property_like: str | None = None,
        view_like: str | None = None,
        dimensions: Sequence[Any] | None = None,
        metrics: Sequence[Any] | None = None,
        filters_expression: str | None = None,
        order_bys: Sequence[Mapping[str, Any]] | None = None,
        days: int | None = None,
        days_ago: int = 0,
    ) -> Answer:
        """A report over the window, or over so many days up to its end; all of it so many days earlier.

        What names no account or property takes the first there is.
        """
        asked = _body(dimensions or (), metrics or (), filters_expression, order_bys or ())
        asked |= {"dateRanges": [_dates(self.window, days, days_ago)]}
        place = self._property(account_like, property_like)
        pages = list(self._pages(f"{self.args.api}/v1beta/{place}:runReport", asked))
        note = "Views are gone from Google Analytics: view_like was left out." if view_like else ""
        return Answer(_table(pages), note=note, statement="report", parameters={"property": place, **asked})

    def check(self) -> str:
        return f"Google Analytics answers: {counted(len(self._summaries()), 'account')} can be read."

    def close(self) -> None:
        if web := self.__dict__.get("_web"):
            web.close()

    def _pages(self, url: str, asked: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        done, total = 0, 1
        while done < total:
            page = self._signed().json(url, method="POST", json=asked | {"limit": PAGE, "offset": done})
            total = int(page.get("rowCount", 0))
            done += PAGE
            yield page

    def _property(self, account_like: str | None, property_like: str | None) -> str:
        if property_like and re.fullmatch(r"(properties/)?\d+", str(property_like)):
            return f"properties/{str(property_like).removeprefix('properties/')}"
        known = self._summaries()
        account = _like(known, account_like, "account", "displayName", "account")
        found = _like(account.get("propertySummaries", []), property_like, "property", "displayName", "property")
        return str(found["property"])

    def _summaries(self) -> list[dict[str, Any]]:
        told = self._signed().json(f"{self.args.admin_api}/v1beta/accountSummaries", params={"pageSize": "200"})
        return list(told.get("accountSummaries", []))

    def _signed(self) -> Web:
        if "_web" not in self.__dict__:
            token = _token(self._key(), self.args.timeout_s)
            self._web = Web(headers={"Authorization": f"Bearer {token}"}, timeout_s=self.args.timeout_s)
        return self._web

    def _key(self) -> dict[str, Any]:
        import json

        text = self.args.key_json.get_secret_value()
        path = Path(self.args.key_file)
        if not text and not path.is_file():
            raise BadInput(f"There is no key file '{path}'. Download the service account's key as JSON and name it.")
        try:
            key = json.loads(text or path.read_text(encoding="utf-8"))
            return {name: key[name] for name in ("client_email", "private_key", "token_uri")}
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput("The key of Google Analytics is not a service account's key in JSON.") from error


def _token(key: Mapping[str, str], timeout_s: float) -> str:
    """An access token for the service account: a signed claim exchanged at Google's door."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import RSAKey

    now = int(time.time())
    claims = {"iss": key["client_email"], "scope": SCOPE, "aud": key["token_uri"], "iat": now, "exp": now + 3600}
    try:
        signed = jwt.encode({"alg": "RS256", "typ": "JWT"}, claims, RSAKey.import_key(key["private_key"]))
    except (JoseError, ValueError) as error:
        raise BadInput("The private key of Google Analytics cannot be read. Download the key file anew.") from error
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed}
    web = Web(timeout_s=timeout_s)
    try:
        return str(web.json(key["token_uri"], method="POST", data=grant)["access_token"])
    finally:
        web.close()


def _like(known: Sequence[Mapping[str, Any]], wish: str | None, noun: str, label: str, ident: str) -> Mapping[str, Any]:
    """The one whose name holds the wish, or whose id it is; the first if nothing is wished."""
    for one in known:
        named = str(one.get(label, "")).casefold()
        if wish is None or str(wish).casefold() in named or str(one.get(ident, "")).endswith(f"/{wish}"):
            return one
    if wish is None:
        raise NotFound(f"The service account can read no {noun} of Google Analytics. Grant it the role Viewer there.")
    names = [str(one.get(label, "")) for one in known]
    raise NotFound(f"Google Analytics has no {noun} like '{wish}'.{did_you_mean(str(wish), names)}")


def _body(
    dimensions: Sequence[Any], metrics: Sequence[Any], filters: str | None, orders: Sequence[Any]
) -> dict[str, Any]:
    """The question as the Data API wants it, but for its days."""
    body: dict[str, Any] = {
        "dimensions": [{"name": _name(one, DIMENSIONS)} for one in dimensions],
        "metrics": [{"name": _name(one, METRICS)} for one in metrics or ["ga:sessions"]],
        "orderBys": [_order(one) for one in orders],
    }
    if filters:
        body |= _filters(filters, {one["name"] for one in body["metrics"]})
    return {name: value for name, value in body.items() if value}


def _dates(window: Window, days: Any, days_ago: Any) -> dict[str, str]:
    """The API's last day is inside, ours is not."""
    length = None if days is None else _days("days", days, least=1)
    back = timedelta(days=_days("days_ago", days_ago, least=0))
    last = (window.wall_end - timedelta(microseconds=1)).date() - back
    first = window.wall_start.date() - back if length is None else last - timedelta(days=length - 1)
    return {"startDate": first.isoformat(), "endDate": last.isoformat()}


def _days(name: str, given: Any, *, least: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= MOST_DAYS:
        raise BadInput(f"{name} is '{given}'. Write a whole number from {least} to {MOST_DAYS:,}.")
    return given


def _name(given: Any, known: Mapping[str, str]) -> str:
    """Today's name of a dimension or metric, given as text or as the old API's object."""
    if isinstance(given, Mapping):
        given = given.get("name") or given.get("expression") or given.get("fieldName") or ""
    plain = str(given).removeprefix("ga:")
    return known.get(plain, plain)


def _order(given: Mapping[str, Any]) -> dict[str, Any]:
    name = str(given.get("fieldName") or given.get("field_name") or given.get("name") or "")
    descending = str(given.get("sortOrder") or given.get("sort_order") or "").upper() == "DESCENDING"
    plain = name.removeprefix("ga:")
    if plain in DIMENSIONS or plain in DIMENSIONS.values():
        return {"dimension": {"dimensionName": _name(name, DIMENSIONS)}, "desc": descending}
    return {"metric": {"metricName": _name(name, METRICS)}, "desc": descending}


def _filters(text: str, metrics: set[str]) -> dict[str, Any]:
    """A filter expression of the old API: `;` is and, `,` is or and binds closer."""
    groups = [[_word(word) for word in _split(group, ",")] for group in _split(text, ";")]
    on_metrics = [group for group in groups if group[0][0] in metrics or group[0][1] in NUMERIC]
    on_dimensions = [group for group in groups if group not in on_metrics]
    made = {"dimensionFilter": _all_of(on_dimensions), "metricFilter": _all_of(on_metrics)}
    return {name: value for name, value in made.items() if value}


def _split(text: str, mark: str) -> list[str]:
    return [part.replace("\\" + mark, mark) for part in re.split(rf"(?<!\\){re.escape(mark)}", text)]


def _word(text: str) -> tuple[str, str, str]:
    found = WORD.fullmatch(text)
    if not found:
        raise BadInput(f"'{text}' is no filter of Google Analytics. Write ga:country==Germany, joined by ; or ,")
    name, operator, value = found.groups()
    plain = name.removeprefix("ga:")
    return METRICS.get(plain) or DIMENSIONS.get(plain, plain), operator, value


def _all_of(groups: Sequence[Sequence[tuple[str, str, str]]]) -> dict[str, Any]:
    made = [_any_of([_filter(*word) for word in group]) for group in groups]
    return made[0] if len(made) == 1 else {"andGroup": {"expressions": made}} if made else {}


def _any_of(made: list[dict[str, Any]]) -> dict[str, Any]:
    return made[0] if len(made) == 1 else {"orGroup": {"expressions": made}}


def _filter(name: str, operator: str, value: str) -> dict[str, Any]:
    if operator in NUMERIC:
        number = {"doubleValue": float(value)}
        return {"filter": {"fieldName": name, "numericFilter": {"operation": NUMERIC[operator], "value": number}}}
    matched = {"matchType": OPERATORS[operator], "value": value}
    made = {"filter": {"fieldName": name, "stringFilter": matched}}
    return {"notExpression": made} if operator.startswith("!") else made


def _table(pages: Sequence[Mapping[str, Any]]) -> Any:
    dimensions = [str(head["name"]) for head in pages[0].get("dimensionHeaders", [])]
    metrics = [str(head["name"]) for head in pages[0].get("metricHeaders", [])]
    rows = [row for page in pages for row in page.get("rows", [])]
    columns: dict[str, list[Any]] = {}
    for place, name in enumerate(dimensions):
        columns[name] = [_dimension(name, row["dimensionValues"][place]["value"]) for row in rows]
    for place, name in enumerate(metrics):
        columns[name] = [_number(row["metricValues"][place]["value"]) for row in rows]
    return of_columns(columns)


def _dimension(name: str, value: str) -> Any:
    if name not in TIMES:
        return value
    try:
        return datetime.strptime(value, TIMES[name])  # noqa: DTZ007 - wall time of the property
    except ValueError:
        return None  # "(other)", where the API folded rare values together


def _number(text: str) -> float | int:
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)

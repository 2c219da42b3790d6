"""Google Analytics 4 asked in a report file's words, against replies in the shape of its APIs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from core.base.errors import BadInput, NotFound, SightlineError, SourceUnreachable
from core.base.period import Period
from core.datasources import Window
from core.datasources.datasource import Answer
from core.datasources.kinds.googleanalytics import SCOPE, GoogleAnalytics
from tests.servers.replies import Asked, Replies, Reply, replying

WINDOW = Window(Period(datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 8, 23, tzinfo=UTC)), "Europe/Berlin")
ACCOUNTS = {
    "accountSummaries": [
        {
            "account": "accounts/1",
            "displayName": "Blog",
            "propertySummaries": [{"property": "properties/10", "displayName": "Blog web"}],
        },
        {
            "account": "accounts/2",
            "displayName": "Acme Shop",
            "propertySummaries": [
                {"property": "properties/20", "displayName": "Shop web"},
                {"property": "properties/21", "displayName": "Shop app"},
            ],
        },
    ]
}
REPORT = {
    "dimensionHeaders": [{"name": "date"}, {"name": "country"}],
    "metricHeaders": [{"name": "sessions", "type": "TYPE_INTEGER"}, {"name": "bounceRate", "type": "TYPE_FLOAT"}],
    "rows": [
        {"dimensionValues": [{"value": "20260302"}, {"value": "Chile"}],
         "metricValues": [{"value": "12"}, {"value": "0.25"}]},
        {"dimensionValues": [{"value": "(other)"}, {"value": "Peru"}],
         "metricValues": [{"value": "3"}, {"value": "0.5"}]},
    ],
    "rowCount": 2,
}  # fmt: skip


@cache
def private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(65537, 2048)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return made.private_bytes(pem, pkcs8, serialization.NoEncryption()).decode()


@pytest.fixture
def server() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes |= {
            "/token": Reply({"access_token": "ya29", "expires_in": 3599}),
            "/v1beta/accountSummaries": Reply(ACCOUNTS),
            **{f"/v1beta/properties/{n}:runReport": Reply(REPORT) for n in (10, 20, 21, 99)},
        }
        yield replies


def key(server: Replies, **changed: str) -> str:
    whole = {"client_email": "r@x.iam", "private_key": private_key(), "token_uri": f"{server.url}/token"}
    return json.dumps(whole | changed)


def asked(server: Replies, text: str = "report", /, **options: Any) -> Answer:
    args = GoogleAnalytics.Args(key_json=key(server), api=server.url, admin_api=server.url)
    source = GoogleAnalytics(args, WINDOW)
    try:
        return source.query(text, **options)
    finally:
        source.close()


def body(server: Replies) -> dict[str, Any]:
    (request,) = (one for one in server.asked if one.path.endswith(":runReport"))
    told: dict[str, Any] = request.json
    return told


def test_dimensions_come_first_and_dates_are_times(server: Replies) -> None:
    table = asked(server, dimensions=["ga:date", "ga:country"], metrics=["ga:sessions", "ga:bounceRate"]).table

    assert table.column_names == ["date", "country", "sessions", "bounceRate"]
    assert table.column("date").to_pylist() == [datetime(2026, 3, 2), None]  # noqa: DTZ001 - wall time
    assert table.column("sessions").to_pylist() == [12, 3]
    assert table.column("bounceRate").to_pylist() == [0.25, 0.5]


def test_the_last_day_asked_for_is_the_day_before_the_end(server: Replies) -> None:
    asked(server)

    assert body(server)["dateRanges"] == [{"startDate": "2026-03-02", "endDate": "2026-03-08"}]


@pytest.mark.parametrize(
    ("options", "first", "last"),
    [
        ({"days": 1}, "2026-03-08", "2026-03-08"),
        ({"days": 1, "days_ago": 1}, "2026-03-07", "2026-03-07"),
        ({"days": 10}, "2026-02-27", "2026-03-08"),
        ({"days_ago": 7}, "2026-02-23", "2026-03-01"),
    ],
)
def test_other_days_are_counted_back_from_the_last(
    server: Replies, options: dict[str, int], first: str, last: str
) -> None:
    asked(server, **options)

    assert body(server)["dateRanges"] == [{"startDate": first, "endDate": last}]


def test_old_names_become_todays(server: Replies) -> None:
    asked(server, dimensions=["ga:sourceMedium", {"name": "ga:pagePath"}, "firstUserMedium"],
          metrics=["ga:users", {"expression": "ga:pageviews"}, "activeUsers"])  # fmt: skip

    assert [one["name"] for one in body(server)["dimensions"]] == ["sessionSourceMedium", "pagePath", "firstUserMedium"]
    assert [one["name"] for one in body(server)["metrics"]] == ["totalUsers", "screenPageViews", "activeUsers"]


def test_the_service_account_signs_what_it_claims(server: Replies) -> None:
    from joserfc import jwt
    from joserfc.jwk import RSAKey

    asked(server)

    (grant,) = server.to("/token")
    claims = jwt.decode(grant.form["assertion"], RSAKey.import_key(private_key())).claims
    assert (claims["iss"], claims["scope"], claims["aud"]) == ("r@x.iam", SCOPE, f"{server.url}/token")
    assert claims["exp"] - claims["iat"] == 3600
    assert server.asked[-1].headers["authorization"] == "Bearer ya29"


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({}, "properties/10"),
        ({"account_like": "shop"}, "properties/20"),
        ({"account_like": "2", "property_like": "app"}, "properties/21"),
        ({"property_like": "99"}, "properties/99"),
        ({"property_like": "properties/99"}, "properties/99"),
        ({"account_like": "Acme Shop", "property_like": "Shop web"}, "properties/20"),
    ],
)
def test_account_and_property_are_found_by_a_part_of_their_name(
    server: Replies, options: dict[str, str], place: str
) -> None:
    assert asked(server, **options).parameters["property"] == place


@pytest.mark.parametrize(
    ("filters", "made"),
    [
        (
            "ga:country==Chile",
            {"dimensionFilter": {"filter": {"fieldName": "country",
                                            "stringFilter": {"matchType": "EXACT", "value": "Chile"}}}},
        ),
        (
            "ga:country!=Chile",
            {"dimensionFilter": {"notExpression": {"filter": {
                "fieldName": "country", "stringFilter": {"matchType": "EXACT", "value": "Chile"}}}}},
        ),
        (
            "ga:sessions>10",
            {"metricFilter": {"filter": {"fieldName": "sessions",
                                         "numericFilter": {"operation": "GREATER_THAN",
                                                           "value": {"doubleValue": 10.0}}}}},
        ),
        (
            r"ga:pagePath=~^/a\,b,ga:city=@x",
            {"dimensionFilter": {"orGroup": {"expressions": [
                {"filter": {"fieldName": "pagePath", "stringFilter": {"matchType": "FULL_REGEXP", "value": "^/a,b"}}},
                {"filter": {"fieldName": "city", "stringFilter": {"matchType": "CONTAINS", "value": "x"}}}]}}},
        ),
        (
            "ga:city==x;ga:country==y",
            {"dimensionFilter": {"andGroup": {"expressions": [
                {"filter": {"fieldName": "city", "stringFilter": {"matchType": "EXACT", "value": "x"}}},
                {"filter": {"fieldName": "country", "stringFilter": {"matchType": "EXACT", "value": "y"}}}]}}},
        ),
    ],
)  # fmt: skip
def test_a_filter_expression_is_translated(server: Replies, filters: str, made: dict[str, Any]) -> None:
    asked(server, metrics=["ga:sessions"], filters_expression=filters)

    told = body(server)
    assert {name: told[name] for name in told if name.endswith("Filter")} == made


def test_orders_are_translated(server: Replies) -> None:
    orders = [{"fieldName": "ga:sessions", "sortOrder": "DESCENDING"}, {"fieldName": "ga:date"}]
    asked(server, order_bys=orders)

    assert body(server)["orderBys"] == [
        {"metric": {"metricName": "sessions"}, "desc": True},
        {"dimension": {"dimensionName": "date"}, "desc": False},
    ]


def test_long_reports_come_in_pages(server: Replies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.datasources.kinds.googleanalytics.PAGE", 2)

    def page(asked: Asked) -> Reply:
        left = REPORT["rows"] if asked.json["offset"] < 4 else REPORT["rows"][:1]  # type: ignore[index]
        return Reply(REPORT | {"rows": left, "rowCount": 5})

    server.routes["/v1beta/properties/99:runReport"] = page

    assert asked(server, property_like="99").table.num_rows == 5


def test_views_are_gone_and_it_is_said(server: Replies) -> None:
    assert asked(server, view_like="All").note == "Views are gone from Google Analytics: view_like was left out."


@pytest.mark.parametrize(
    ("text", "options", "error", "said"),
    [
        ("realtime", {}, BadInput, "Google Analytics has no question 'realtime'. It has report."),
        ("report", {"metric": []}, BadInput, "Google Analytics' report does not take this"),
        (
            "report",
            {"filters_expression": "country is x"},
            BadInput,
            "'country is x' is no filter of Google Analytics.",
        ),
        (
            "report",
            {"account_like": "Blok"},
            NotFound,
            "Google Analytics has no account like 'Blok'. Did you mean 'Blog'",
        ),
        ("report", {"property_like": "App"}, NotFound, "Google Analytics has no property like 'App'."),
        ("report", {"days": 0}, BadInput, "days is '0'. Write a whole number from 1 to 3,660."),
        ("report", {"days_ago": "a week"}, BadInput, "days_ago is 'a week'. Write a whole number from 0 to 3,660."),
    ],
)
def test_what_is_wrong_is_said(
    server: Replies, text: str, options: dict[str, Any], error: type[SightlineError], said: str
) -> None:
    with pytest.raises(error) as raised:
        asked(server, text, **options)

    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"key_file": "/nowhere/key.json"}, "There is no key file '/nowhere/key.json'."),
        ({"key_json": "{}"}, "The key of Google Analytics is not a service account's key in JSON."),
        ({"key_json": "no json"}, "The key of Google Analytics is not a service account's key in JSON."),
        ({"key_json": '{"client_email":"a","private_key":"b","token_uri":"http://127.0.0.1:9/t"}'}, "cannot be read"),
    ],
)
def test_a_key_that_is_none_is_said(args: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput) as raised:
        GoogleAnalytics(GoogleAnalytics.Args(**args), WINDOW).query("report")

    assert said in str(raised.value)


def test_a_refused_token_says_so(server: Replies) -> None:
    server.routes["/token"] = Reply({"error": "invalid_grant", "error_description": "Invalid JWT"}, 401)

    with pytest.raises(SourceUnreachable, match=r"refused the login \(401: invalid_grant\)"):
        asked(server)

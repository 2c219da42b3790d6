"""Posts of an account on X, against replies in the shape of its second API."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from core.base.errors import BadInput, SourceUnreachable
from core.base.period import Period
from core.datasources import Window
from core.datasources.datasource import Answer
from core.datasources.kinds.twitter import Twitter
from tests.servers.replies import Asked, Replies, Reply, replying

WINDOW = Window(Period(datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 8, 23, tzinfo=UTC)), "Europe/Berlin")
APPLICATION = {"consumer_key": "ck", "consumer_secret": "cs", "pagination_delay_s": 0}
ACCOUNT = APPLICATION | {"access_token_key": "ak", "access_token_secret": "as"}


def post(number: int, likes: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "text": f"post {number}",
        "created_at": f"2026-03-0{number}T10:00:00.000Z",
        "public_metrics": {"like_count": likes, "reply_count": 1, "retweet_count": 2, "quote_count": 0},
        "non_public_metrics": {"impression_count": 100 * number, "url_link_clicks": 5, "user_profile_clicks": 1},
    }


def timeline(asked: Asked) -> Reply:
    if "pagination_token" in asked.params:
        return Reply({"data": [post(2, 7)], "meta": {}})
    return Reply({"data": [post(5, 3), post(4, 9)], "meta": {"next_token": "more"}})


@pytest.fixture
def server() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes |= {
            "/oauth2/token": Reply({"token_type": "bearer", "access_token": "AAA"}),
            "/2/users/me": Reply({"data": {"id": "7", "username": "acme"}}),
            "/2/users/by/username/acme": Reply({"data": {"id": "7"}}),
            "/2/users/by/username/rival": Reply({"data": {"id": "8"}}),
            "/2/users/by/username/nobody": Reply({"errors": [{"detail": "Could not find user"}]}),
            "/2/users/7/tweets": timeline,
            "/2/users/8/tweets": Reply({"meta": {"result_count": 0}}),
        }
        yield replies


def asked(server: Replies, args: dict[str, Any], text: str = "tweets", /, **options: Any) -> Answer:
    source = Twitter(Twitter.Args(api=server.url, **args), WINDOW)
    try:
        return source.query(text, **options)
    finally:
        source.close()


def test_an_accounts_own_posts_have_its_own_figures(server: Replies) -> None:
    table = asked(server, ACCOUNT).table

    assert table.column_names[:3] == ["time", "text", "id"]
    assert table.column("like_count").to_pylist() == [3, 9, 7]
    assert table.column("impression_count").to_pylist() == [500, 400, 200]
    assert str(table.column("time").to_pylist()[0]) == "2026-03-05 11:00:00+01:00"


def test_pages_are_followed_within_the_window(server: Replies) -> None:
    asked(server, ACCOUNT)

    first, second = server.to("/2/users/7/tweets")
    assert (first.params["start_time"], first.params["end_time"]) == ("2026-03-01T23:00:00Z", "2026-03-08T23:00:00Z")
    assert second.params["pagination_token"] == "more"
    assert "non_public_metrics" in first.params["tweet.fields"]


def test_an_account_signs_every_question(server: Replies) -> None:
    asked(server, ACCOUNT)

    signed = server.asked[0].headers["authorization"]
    assert signed.startswith("OAuth ")
    assert 'oauth_consumer_key="ck"' in signed
    assert "oauth_signature=" in signed


def test_an_application_reads_public_figures_of_a_named_account(server: Replies) -> None:
    table = asked(server, APPLICATION, username="@acme").table

    assert server.asked[0].headers["authorization"] == "Basic " + b64encode(b"ck:cs").decode()
    assert server.asked[1].headers["authorization"] == "Bearer AAA"
    assert "impression_count" not in table.column_names
    assert "non_public_metrics" not in server.asked[-1].params["tweet.fields"]


def test_anothers_posts_have_no_own_figures(server: Replies) -> None:
    table = asked(server, ACCOUNT, username="rival").table

    assert table.num_rows == 0
    assert table.column_names == ["time", "text", "id", "like_count", "reply_count", "retweet_count", "quote_count"]


@pytest.mark.parametrize(
    ("args", "text", "options", "said"),
    [
        (ACCOUNT, "followers", {}, "X has no question 'followers'. It has tweets."),
        (ACCOUNT, "tweets", {"user": "x"}, "X takes no 'user' in query_args; it takes username or user_id."),
        (APPLICATION, "tweets", {}, "Say whose posts: query_args with username, or an access token for one's own."),
        (APPLICATION, "tweets", {"username": "nobody"}, "X has no account 'nobody'."),
        ({}, "tweets", {"username": "acme"}, "X needs consumer_key and consumer_secret, or a bearer_token."),
    ],
)
def test_what_is_wrong_is_said(
    server: Replies, args: dict[str, Any], text: str, options: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput) as raised:
        asked(server, args, text, **options)

    assert said in str(raised.value)


def test_a_refused_key_says_so(server: Replies) -> None:
    server.routes["/oauth2/token"] = Reply({"errors": [{"message": "Unable to verify your credentials"}]}, 403)

    with pytest.raises(SourceUnreachable, match=r"refused the login \(403: Unable to verify your credentials\)"):
        asked(server, APPLICATION, username="acme")

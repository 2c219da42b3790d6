"""Accounts at providers: registered once, tried before anybody relies on them, their secrets never shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from core.base.errors import BadInput, SourceUnreachable
from core.connections import service
from core.connections.sides import READ
from core.context import Context
from core.ingestion.sources.github.account import pem
from tests.servers.replies import Asked, Replies, Reply, replying

LIMITS = {
    "resources": {"core": {"limit": 5000, "remaining": 4987}, "graphql": {"limit": 5000, "remaining": 4000}},
}


@pytest.fixture
def github() -> Iterator[Replies]:
    """An Enterprise server that knows one token."""
    with replying() as replies:
        replies.routes["/api/v3/user"] = lambda asked: (
            Reply({"login": "ada"}, headers={"X-OAuth-Scopes": "repo, read:org"})
            if asked.headers["authorization"] == "Bearer right"
            else Reply({"message": "Bad credentials"}, 401)
        )
        replies.routes["/api/v3/rate_limit"] = Reply(LIMITS)
        yield replies


def test_trying_an_account_tells_who_it_is_what_it_may_and_what_its_limits_leave(ctx: Context, github: Replies) -> None:
    made = service.create(ctx, "hub", "github", {"url": github.url, "token": "right"})

    assert (made.side, made.is_account, made.secrets, made.plugin) == ("source", True, ("token",), "github")
    assert service.check(ctx, made.id) == (
        "Signed in as 'ada' (scopes: repo, read:org)."
        " Left this hour: 4,000 of 5,000 GraphQL points, 4,987 of 5,000 REST calls."
    )


def test_a_wrong_token_is_told_in_plain_words(ctx: Context, github: Replies) -> None:
    made = service.create(ctx, "hub", "github", {"url": github.url, "token": "wrong"})

    with pytest.raises(SourceUnreachable, match=r"refused the token: Bad credentials\. Make a new one"):
        service.check(ctx, made.id)


def test_a_token_lies_sealed_and_goes_to_no_other_address(ctx: Context, github: Replies) -> None:
    made = service.create(ctx, "hub", "github", {"url": github.url, "token": "right"})

    with ctx.app.engine.connect() as connection:
        assert "right" not in str(connection.exec_driver_sql("SELECT args, secrets FROM connections").one())
    with pytest.raises(BadInput, match="'url' has changed, so enter 'token' anew"):
        service.update(ctx, made.id, args={"url": "https://elsewhere.example"})


def test_an_account_without_any_login_is_refused(ctx: Context) -> None:
    assert "github" in READ.kinds()
    with pytest.raises(BadInput, match="needs 'token' or 'private_key'"):
        service.create(ctx, "hub", "github", {})


def test_nothing_can_be_asked_of_an_account_by_a_report(ctx: Context, github: Replies) -> None:
    made = service.create(ctx, "hub", "github", {"url": github.url, "token": "right"})

    with pytest.raises(BadInput, match="is what sources are read with"):
        service.try_query(ctx, made.id, "SELECT 1")


def test_an_app_signs_its_wish_for_a_token_and_then_uses_that(ctx: Context, github: Replies) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()
    wishes: list[dict[str, Any]] = []

    def granted(asked: Asked) -> Reply:
        from joserfc import jwt
        from joserfc.jwk import RSAKey

        signed = asked.headers["authorization"].removeprefix("Bearer ")
        wishes.append(jwt.decode(signed, RSAKey.import_key(text)).claims)
        return Reply({"token": "right"}, 201)

    github.routes["/api/v3/app/installations/42/access_tokens"] = granted
    pasted = text.replace("\n", " ")
    made = service.create(
        ctx, "hub", "github", {"url": github.url, "app_id": "7", "installation_id": "42", "private_key": pasted}
    )

    assert "GitHub App 7, installation 42" in service.check(ctx, made.id)
    assert [wish["iss"] for wish in wishes] == ["7"]
    assert github.to("/api/v3/rate_limit")[0].headers["authorization"] == "Bearer right"
    assert pem(pasted) == text

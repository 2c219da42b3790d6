"""A small OpenID Connect provider over real HTTP, for the tests of single sign-on: code flow, PKCE, RS256, userinfo."""

from __future__ import annotations

import hashlib
import secrets
import socket
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import unquote, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID = "sightline"
CLIENT_SECRET = "a secret between the two"
LASTS_S = 300


@dataclass(frozen=True)
class Account:
    """Somebody who has an account with the provider."""

    name: str
    """What the button on the provider's page says."""
    claims: Mapping[str, Any]
    only_in_userinfo: bool = False
    """Whether the ID token keeps these claims for itself, as some providers do."""


@dataclass
class Provider:
    """The provider; `failing` makes it answer wrongly."""

    accounts: tuple[Account, ...]
    failing: str = ""
    """"", "token" (its token endpoint breaks), "key" (signs with a key that it does not publish), "nonce"."""
    sign_ins: list[dict[str, str]] = field(default_factory=list)
    """The query of each request for a sign-in."""
    tokens_given: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.metadata_url = f"{self.url}/.well-known/openid-configuration"
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self._other_key = RSAKey.generate_key(2048, {"kid": "one"})
        self._codes: dict[str, tuple[dict[str, str], Account]] = {}
        self.bearers: dict[str, Account] = {}

    def start(self) -> None:
        """Listen; on the same port again after a `stop`."""
        routes = [
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/authorize", self._authorize),
            Route("/answer", self._answer, methods=["POST"]),
            Route("/token", self._token, methods=["POST"]),
            Route("/keys", self._keys),
            Route("/userinfo", self._userinfo),
        ]
        config = uvicorn.Config(Starlette(routes=routes), port=self.port, log_level="error", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="provider", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert self._thread.is_alive() and time.monotonic() < deadline, "The provider did not start."
            time.sleep(0.01)

    def stop(self) -> None:
        """Nobody answers at the port any more."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)

    def _metadata(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.sign_ins.append(asked)
        assert asked["client_id"] == CLIENT_ID and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256" and asked["code_challenge"]
        assert {"openid", "email"} <= set(asked["scope"].split()) and asked["nonce"] and asked["state"]
        names = [*(account.name for account in self.accounts), "Refuse"]
        buttons = "".join(f'<p><button name="who" value="{escape(name)}">{escape(name)}</button></p>' for name in names)
        page = f"<!doctype html><title>The provider</title><h1>Who are you?</h1><form method=post>{buttons}</form>"
        return HTMLResponse(page.replace("<form ", f'<form action="/answer?{escape(str(request.url.query))}" '))

    async def _answer(self, request: Request) -> Response:
        asked = dict(request.query_params)
        async with request.form() as form:
            chosen = str(form["who"])
        if chosen == "Refuse":
            told = {"error": "access_denied", "error_description": "<b>Nobody</b> may.", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = asked, next(account for account in self.accounts if account.name == chosen)
            told = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(told)}", 303)

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            told = {name: str(value) for name, value in form.items()}
        if self.failing == "token":
            return JSONResponse({"error": "server_error"}, 500)
        asked, account = self._codes.pop(told.get("code", ""), ({}, None))
        if account is None or not _is_client(request, told) or not _is_proved(asked, told):
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.tokens_given += 1
        bearer = secrets.token_urlsafe(16)
        self.bearers[bearer] = account
        return JSONResponse(
            {
                "access_token": bearer,
                "token_type": "Bearer",
                "expires_in": LASTS_S,
                "id_token": self._id_token(asked, account),
            }
        )

    def _id_token(self, asked: dict[str, str], account: Account) -> str:
        now = int(time.time())
        nonce = "another" if self.failing == "nonce" else asked["nonce"]
        claims = {"iss": self.url, "aud": CLIENT_ID, "sub": account.name, "iat": now, "exp": now + LASTS_S}
        told = {} if account.only_in_userinfo else account.claims
        key = self._other_key if self.failing == "key" else self._key
        return jwt.encode({"alg": "RS256", "kid": "one"}, {**claims, "nonce": nonce, **told}, key)

    def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def _userinfo(self, request: Request) -> Response:
        account = self.bearers.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if account is None:
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse({"sub": account.name, **account.claims})


def _is_client(request: Request, told: dict[str, str]) -> bool:
    """Whether the caller knows the client's secret, said in the header or in the form."""
    given = (told.get("client_id", ""), told.get("client_secret", ""))
    kind, _, rest = request.headers.get("authorization", "").partition(" ")
    if kind == "Basic":
        name, _, secret = b64decode(rest).decode().partition(":")
        given = unquote(name), unquote(secret)
    return given == (CLIENT_ID, CLIENT_SECRET)


def _is_proved(asked: dict[str, str], told: dict[str, str]) -> bool:
    """Whether the caller holds what the browser's request was the hash of (PKCE), and names the same way back."""
    digest = hashlib.sha256(told.get("code_verifier", "").encode()).digest()
    same = urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    return same and told.get("redirect_uri") == asked["redirect_uri"]

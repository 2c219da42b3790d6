"""X, formerly Twitter: the newest posts of an account, with how people answered them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from core.base.errors import BadInput
from core.base.period import zone_of
from core.datasources.datasource import Answer, Datasource, DatasourceArgs, refuse
from core.datasources.tables import of_columns
from core.datasources.web import TIMEOUT_S, Web

PAGE = 100
PAGES = 32
"""The timeline ends after 3,200 posts."""

PUBLIC = ("like_count", "reply_count", "retweet_count", "quote_count")
OWN = ("impression_count", "url_link_clicks", "user_profile_clicks")


class TwitterArgs(DatasourceArgs):
    """Keys of an application, and of the account whose own figures are wanted."""

    consumer_key: SecretStr = Field(SecretStr(""), description="Key of the application.")
    consumer_secret: SecretStr = Field(SecretStr(""), description="Secret of the application.")
    access_token_key: SecretStr = Field(SecretStr(""), description="Access token of the account.")
    access_token_secret: SecretStr = Field(SecretStr(""), description="Secret of that token.")
    bearer_token: SecretStr = Field(SecretStr(""), description="Application's bearer token, instead of its key.")
    pagination_delay_s: float = Field(5, ge=0, le=60, description="Seconds to wait before the next page.")
    api: str = Field("https://api.twitter.com", description="Address of the API.")
    timeout_s: float = Field(TIMEOUT_S, gt=0, le=600, description="Seconds to wait for an answer.")


class Twitter(Datasource):
    """A timeline. With an access token the account's own figures are there too."""

    key = "twitter"
    label = "X (Twitter)"
    Args = TwitterArgs
    parallel = 1

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Answer:
        """`tweets`: time, text, id, and a column a count."""
        if text.strip() != "tweets":
            raise BadInput(f"X has no question '{text.strip()}'. It has tweets.")
        refuse({name: 1 for name in options if name not in ("username", "user_id")}, "X", "username or user_id")
        who, own = self._account(options)
        found = list(self._tweets(who, own))
        return Answer(_table(found, own, self.window.zone), statement="tweets", parameters={"user_id": who})

    def check(self) -> str:
        if not self._has_account():
            self._application()
            return "X knows the application."
        me = self._web_().json("/2/users/me")["data"]
        return f"X answers as @{me['username']}."

    def close(self) -> None:
        if web := self.__dict__.get("_web"):
            web.close()

    def _account(self, options: Mapping[str, Any]) -> tuple[str, bool]:
        """(id of the account, whether it is the one whose token we have)."""
        mine = str(self._web_().json("/2/users/me")["data"]["id"]) if self._has_account() else ""
        if user_id := options.get("user_id"):
            return str(user_id), str(user_id) == mine
        if name := options.get("username"):
            told = self._web_().json(f"/2/users/by/username/{str(name).lstrip('@')}")
            if "data" not in told:
                raise BadInput(f"X has no account '{name}'.")
            return str(told["data"]["id"]), str(told["data"]["id"]) == mine
        if not mine:
            raise BadInput("Say whose posts: query_args with username, or an access token for one's own.")
        return mine, True

    def _tweets(self, who: str, own: bool) -> Iterator[Mapping[str, Any]]:
        fields = "created_at,public_metrics" + (",non_public_metrics" if own else "")
        start, end = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (self.window.period.start, self.window.period.end))
        params = {"max_results": str(PAGE), "tweet.fields": fields, "start_time": start, "end_time": end}
        for page in range(PAGES):
            if page:
                time.sleep(self.args.pagination_delay_s)
            told = self._web_().json(f"/2/users/{who}/tweets", params=params)
            yield from told.get("data", [])
            following = told.get("meta", {}).get("next_token")
            if not following:
                return
            params = params | {"pagination_token": following}

    def _has_account(self) -> bool:
        return bool(self.args.access_token_key.get_secret_value() and self.args.access_token_secret.get_secret_value())

    def _web_(self) -> Web:
        if "_web" not in self.__dict__:
            self._web = self._user() if self._has_account() else self._application()
        return self._web

    def _user(self) -> Web:
        from authlib.oauth1 import ClientAuth

        args = self.args
        signer = ClientAuth(
            args.consumer_key.get_secret_value(),
            args.consumer_secret.get_secret_value(),
            args.access_token_key.get_secret_value(),
            args.access_token_secret.get_secret_value(),
        )
        return Web(args.api, auth=partial(_signed, signer), timeout_s=args.timeout_s)

    def _application(self) -> Web:
        token = self.args.bearer_token.get_secret_value() or self._bearer()
        return Web(self.args.api, headers={"Authorization": f"Bearer {token}"}, timeout_s=self.args.timeout_s)

    def _bearer(self) -> str:
        args = self.args
        key, secret = args.consumer_key.get_secret_value(), args.consumer_secret.get_secret_value()
        if not key or not secret:
            raise BadInput("X needs consumer_key and consumer_secret, or a bearer_token.")
        web = Web(args.api, auth=(key, secret), timeout_s=args.timeout_s)
        try:
            return str(
                web.json("/oauth2/token", method="POST", data={"grant_type": "client_credentials"})["access_token"]
            )
        finally:
            web.close()


def _signed(signer: Any, request: Any) -> Any:
    """The request with OAuth 1's signature in its head."""
    _, headers, _ = signer.prepare(request.method, str(request.url), dict(request.headers), "")
    request.headers["Authorization"] = headers["Authorization"]
    return request


def _table(found: list[Mapping[str, Any]], own: bool, zone: str) -> Any:
    clock = zone_of(zone)
    columns: dict[str, list[Any]] = {
        "time": [datetime.fromisoformat(one["created_at"]).astimezone(clock) for one in found],
        "text": [one.get("text", "") for one in found],
        "id": [str(one["id"]) for one in found],
    }
    for name in PUBLIC:
        columns[name] = [one.get("public_metrics", {}).get(name) for one in found]
    for name in OWN if own else ():
        columns[name] = [one.get("non_public_metrics", {}).get(name) for one in found]
    return of_columns(columns)

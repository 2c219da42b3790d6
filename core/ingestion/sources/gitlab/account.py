"""An account at GitLab: its tokens, as whom they sign in, and the projects they see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from core.base.errors import BadInput, NotFound
from core.datasources.hints import Hint
from core.ingestion.account import Account, AccountArgs, Crew, Found
from core.ingestion.sources.web import Answer, Login, Missing, ProviderWeb, Refused

PUBLIC = "https://gitlab.com"
PER_PAGE = 100


def _address(given: str) -> str:
    if not re.match(r"^https?://[^/\s]+", given):
        raise ValueError(f"'{given}' is no web address. Write {PUBLIC}, or https://git.example.com for your own.")
    return given.rstrip("/").removesuffix("/api/v4")


class GitLabArgs(AccountArgs):
    """Where it is, and who asks."""

    url: Annotated[str, AfterValidator(_address), Hint("Address")] = Field(
        PUBLIC, description="Of the server, as people open it."
    )
    token: Annotated[SecretStr, Hint("Token")] = Field(
        SecretStr(""), description="Access token with read_api; several, with spaces between, are used in turn."
    )
    verify_tls: bool = Field(True, description="Check the server's certificate.")
    lines: Annotated[int, Hint("Questions at once", aside=True)] = Field(
        8, ge=1, le=32, description="How many questions are asked at the same time."
    )


class GitLab(Account):
    """gitlab.com, or a server of one's own."""

    key = "gitlab"
    label = "GitLab"
    Args = GitLabArgs
    login = (("token",),)

    @property
    def host(self) -> str:
        return str(urlsplit(self.args.url).hostname)

    @property
    def api(self) -> str:
        return f"{self.args.url}/api/v4"

    @cached_property
    def web(self) -> ProviderWeb:
        tokens = self.args.token.get_secret_value().replace(",", " ").split()
        if not tokens:
            raise BadInput("The account has no token. Enter one under Connections.")
        logins = [Login(lambda token=token: {"Authorization": f"Bearer {token}"}) for token in tokens]  # type: ignore[misc]
        args = self.args
        return ProviderWeb(self.label, logins, headers={}, verify=args.verify_tls, lines=args.lines)

    def check(self) -> str:
        return " ".join(self._told(login) for login in self.web.logins)

    def repository(self, path: str) -> Found:
        try:
            return _found(self.rest(f"/projects/{quote(path, safe='')}").data)
        except Missing as error:
            raise NotFound(
                f"'{path}' is not at {self.host}, or this account may not see it. Check the name, and what the token"
                " may read."
            ) from error

    def repositories(self, owner: str) -> Sequence[Found]:
        """Those of a group with its groups within, or else of a user."""
        where = quote(owner, safe="")
        for path, more in (
            (f"/groups/{where}/projects", {"include_subgroups": "true"}),
            (f"/users/{where}/projects", {}),
        ):
            try:
                return [_found(one) for page in self.pages(path, order_by="path", sort="asc", **more) for one in page]
            except Missing:
                continue
        raise NotFound(f"There is no group or user '{owner}' at {self.host}. Check the name.")

    def crews(self, owner: str) -> Sequence[Crew]:
        """The groups within a group, each a team of its direct members."""
        where = quote(owner, safe="")
        try:
            groups = [one for page in self.pages(f"/groups/{where}/descendant_groups") for one in page]
        except Missing as error:
            raise NotFound(f"There is no group '{owner}' at {self.host}, or this account may not see it.") from error
        names = {one["id"]: one["name"] for one in groups}
        return [
            Crew(
                one["name"], names.get(one["parent_id"], ""),
                tuple(m["username"] for page in self.pages(f"/groups/{one['id']}/members") for m in page),
            )
            for one in groups
        ]  # fmt: skip

    def rest(self, path: str, **more: Any) -> Answer:
        """An answer, by its path."""
        return self.web.ask(path if path.startswith("http") else f"{self.api}{path}", **more)

    def pages(self, path: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """Each page of a list."""
        number = 1
        while True:
            answer = self.rest(path, params={**params, "per_page": PER_PAGE, "page": number})
            yield list(answer.data or ())
            following = answer.headers.get("x-next-page", "")
            if not following.isdigit():
                return
            number = int(following)

    def close(self) -> None:
        if "web" in self.__dict__:
            self.web.close()

    def _told(self, login: Login) -> str:
        answer = self.rest("/user", login=login)
        who = f"Signed in as '{answer.data['username']}'{self._scopes(login)}."
        left, limit = (answer.headers.get(f"ratelimit-{name}", "") for name in ("remaining", "limit"))
        if not left.isdigit():
            return f"{who} The server names no rate limit."
        return f"{who} Left this minute: {int(left):,}{f' of {int(limit):,}' if limit.isdigit() else ''} questions."

    def _scopes(self, login: Login) -> str:
        """What the token may, and until when; an OAuth token or an old server does not tell."""
        try:
            told = self.rest("/personal_access_tokens/self", login=login).data
        except (Missing, Refused):
            return ""
        until = f", until {told['expires_at']}" if told.get("expires_at") else ""
        return f" (scopes: {', '.join(told.get('scopes') or ['none'])}{until})"


def _found(told: Mapping[str, Any]) -> Found:
    return Found(
        path=told["path_with_namespace"],
        url=told["web_url"],
        default_branch=told.get("default_branch") or "",
        is_archived=bool(told.get("archived")),
        is_fork=bool(told.get("forked_from_project")),
    )

"""An account at GitHub: tokens or an App, as whom they sign in, and the repositories they see."""

from __future__ import annotations

import re
import textwrap
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from core.base.errors import BadInput, NotFound, SourceUnreachable
from core.datasources.hints import Hint
from core.ingestion.account import Account, AccountArgs, Crew, Found
from core.ingestion.sources.github.graphql import GraphQL
from core.ingestion.sources.web import Login, Missing, ProviderWeb

PUBLIC = "https://api.github.com"
VERSION = "2022-11-28"

TEAMS = """query Teams($owner: String!, $after: String) {
  organization(login: $owner) {
    teams(first: 50, after: $after, orderBy: {field: NAME, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        name slug parentTeam { name }
        members(first: 100, membership: IMMEDIATE) { pageInfo { hasNextPage endCursor } nodes { login } }
      }
    }
  }
}"""
MEMBERS = """query Members($owner: String!, $slug: String!, $after: String) {
  organization(login: $owner) {
    team(slug: $slug) {
      members(first: 100, after: $after, membership: IMMEDIATE) {
        pageInfo { hasNextPage endCursor } nodes { login }
      }
    }
  }
}"""
OWNED = """query Owned($owner: String!, $after: String) {
  repositoryOwner(login: $owner) {
    repositories(first: 100, after: $after, ownerAffiliations: [OWNER], orderBy: {field: NAME, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes { nameWithOwner url isArchived isFork defaultBranchRef { name } }
    }
  }
}"""
ONE = """query One($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { nameWithOwner url isArchived isFork defaultBranchRef { name } }
}"""


def _address(given: str) -> str:
    if not re.match(r"^https?://[^/\s]+", given):
        raise ValueError(f"'{given}' is no web address. Write {PUBLIC}, or https://github.example.com for your own.")
    return given.rstrip("/")


class GitHubArgs(AccountArgs):
    """Where it is, and who asks: tokens, or an App's installation."""

    url: Annotated[str, AfterValidator(_address), Hint("Address")] = Field(
        PUBLIC, description="Of the API; for GitHub Enterprise that of the server, as in https://github.example.com."
    )
    token: Annotated[SecretStr, Hint("Token")] = Field(
        SecretStr(""),
        description="Personal access token that may read; several, with spaces between, are used in turn.",
    )
    app_id: Annotated[str, Hint("App id", aside=True)] = Field("", description="Id of an App, instead of a token.")
    installation_id: Annotated[str, Hint("Installation id", aside=True)] = Field(
        "", description="Where that App is installed: the number at the end of the installation's address."
    )
    private_key: Annotated[SecretStr, Hint("Private key", aside=True)] = Field(
        SecretStr(""), description="The App's key, the whole text of its .pem file."
    )
    verify_tls: bool = Field(True, description="Check the server's certificate.")
    lines: Annotated[int, Hint("Questions at once", aside=True)] = Field(
        8, ge=1, le=32, description="How many questions are asked at the same time."
    )


class GitHub(Account):
    """GitHub itself, or an Enterprise server."""

    key = "github"
    label = "GitHub"
    Args = GitHubArgs
    login = (("token", "private_key"),)

    @property
    def host(self) -> str:
        parts = urlsplit(self.api)
        return "github.com" if parts.hostname == "api.github.com" else str(parts.hostname)

    @property
    def api(self) -> str:
        """Where REST begins."""
        parts = urlsplit(self.args.url)
        if parts.hostname in ("api.github.com", "github.com", "www.github.com"):
            return PUBLIC
        return str(self.args.url) if parts.path else f"{self.args.url}/api/v3"

    @property
    def graphql_url(self) -> str:
        return f"{self.api.removesuffix('/v3')}/graphql"

    @cached_property
    def web(self) -> ProviderWeb:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": VERSION}
        return ProviderWeb(
            self.label, self._logins(), headers=headers, verify=self.args.verify_tls, lines=self.args.lines
        )

    @cached_property
    def graphql(self) -> GraphQL:
        return GraphQL(self.web, self.graphql_url)

    def check(self) -> str:
        return " ".join(self._told(login) for login in self.web.logins)

    def repository(self, path: str) -> Found:
        owner, _, name = path.partition("/")
        found = self.graphql.ask(ONE, {"owner": owner, "name": name}).get("repository")
        if found is None:
            raise NotFound(
                f"'{path}' is not at {self.host}, or this account may not see it. Check the name, and what the token"
                " may read."
            )
        return _found(found)

    def repositories(self, owner: str) -> Sequence[Found]:
        found: list[Found] = []
        after = None
        while True:
            told = self.graphql.ask(OWNED, {"owner": owner, "after": after}).get("repositoryOwner")
            if told is None:
                raise NotFound(f"There is no user or organisation '{owner}' at {self.host}. Check the name.")
            page = told["repositories"]
            found += [_found(node) for node in page["nodes"] if node]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def crews(self, owner: str) -> Sequence[Crew]:
        found: list[Crew] = []
        after = None
        while True:
            told = self.graphql.ask(TEAMS, {"owner": owner, "after": after}).get("organization")
            if told is None:
                raise NotFound(f"There is no organisation '{owner}' at {self.host}, or this account may not see it.")
            page = told["teams"]
            found += [self._crew(owner, node) for node in page["nodes"] if node]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def _crew(self, owner: str, node: Mapping[str, Any]) -> Crew:
        page, logins = node["members"], [one["login"] for one in node["members"]["nodes"]]
        while page["pageInfo"]["hasNextPage"]:
            asked = {"owner": owner, "slug": node["slug"], "after": page["pageInfo"]["endCursor"]}
            page = self.graphql.ask(MEMBERS, asked)["organization"]["team"]["members"]
            logins += [one["login"] for one in page["nodes"]]
        return Crew(node["name"], (node["parentTeam"] or {}).get("name", ""), tuple(dict.fromkeys(logins)))

    def rest(self, path: str, **more: Any) -> Any:
        """An answer of REST, by its path."""
        url = path if path.startswith("http") else f"{self.api}{path}"
        return self.web.ask(url, **more)

    def close(self) -> None:
        if "web" in self.__dict__:
            self.web.close()

    def _told(self, login: Login) -> str:
        """As whom one login signs in, what it may, and what is left of its limits."""
        if login.name == "app":
            who = f"Signed in as the GitHub App {self.args.app_id}, installation {self.args.installation_id}."
        else:
            answer = self.rest("/user", login=login)
            scopes = answer.headers.get("x-oauth-scopes")
            what = f" (scopes: {scopes or 'none'})" if scopes is not None else ""
            who = f"Signed in as '{answer.data['login']}'{what}."
        try:
            limits = self.rest("/rate_limit", login=login).data["resources"]
        except Missing:  # an Enterprise server may have its limits turned off
            return f"{who} The server has no rate limit."
        left = ", ".join(
            f"{limits[kind]['remaining']:,} of {limits[kind]['limit']:,} {name}"
            for kind, name in (("graphql", "GraphQL points"), ("core", "REST calls"))
            if kind in limits
        )
        return f"{who} Left this hour: {left}."

    def _logins(self) -> list[Login]:
        args = self.args
        tokens = args.token.get_secret_value().replace(",", " ").split()
        logins = [Login(lambda token=token: {"Authorization": f"Bearer {token}"}) for token in tokens]  # type: ignore[misc]
        if key := args.private_key.get_secret_value():
            if not (args.app_id and args.installation_id):
                raise BadInput("A GitHub App signs in with its id and an installation id beside its private key.")
            logins.append(Login(AppToken(self, pem(key)).header, "app"))
        if not logins:
            raise BadInput("The account has no token and no App's key. Enter one under Connections.")
        return logins


class AppToken:
    """The token of an App's installation, which lives an hour: made anew before it ends."""

    def __init__(self, account: GitHub, key: str) -> None:
        self._account, self._key = account, key
        self._lock = Lock()
        self._token, self._until = "", 0.0

    def header(self) -> Mapping[str, str]:
        with self._lock:
            if time.time() > self._until:
                self._token, self._until = self._made(), time.time() + 50 * 60
            return {"Authorization": f"Bearer {self._token}"}

    def _made(self) -> str:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import RSAKey

        args, now = self._account.args, int(time.time())
        try:
            claims = {"iat": now - 60, "exp": now + 540, "iss": args.app_id}
            signed = jwt.encode({"alg": "RS256", "typ": "JWT"}, claims, RSAKey.import_key(self._key))
        except (JoseError, ValueError) as error:
            raise BadInput("The App's private key cannot be read. Enter the whole text of its .pem file.") from error
        url = f"{self._account.api}/app/installations/{quote(args.installation_id)}/access_tokens"
        bearer = Login(lambda: {"Authorization": f"Bearer {signed}"})
        made = self._account.web.ask(url, method="POST", login=bearer).data
        if not isinstance(made, dict) or not made.get("token"):
            raise SourceUnreachable("GitHub gave the App no token. Check its id and where it is installed.")
        return str(made["token"])


def pem(text: str) -> str:
    """A key as its file has it, also where a form has taken its line breaks away."""
    found = re.search(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", text, re.DOTALL)
    if found is None:
        return text
    kind, body = found.group(1), "".join(found.group(2).replace("\\n", "").split())
    return f"-----BEGIN {kind}-----\n" + "\n".join(textwrap.wrap(body, 64)) + f"\n-----END {kind}-----\n"


def _found(node: Mapping[str, Any]) -> Found:
    branch = (node.get("defaultBranchRef") or {}).get("name", "")
    return Found(node["nameWithOwner"], node["url"], branch, node["isArchived"], node["isFork"])

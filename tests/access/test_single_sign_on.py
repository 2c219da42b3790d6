"""Single sign-on below the pages: what is vouched for, how often, and what an administrator is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from components.way_back import inside
from core.access import provider, vouchers
from core.base.errors import BadInput, NotAllowed, SourceUnreachable
from core.base.settings import Settings
from core.bootstrap import House
from core.context import Context
from core.entrypoints import checkup

from .provider import CLIENT_ID, CLIENT_SECRET, Account, Provider


@pytest.fixture(scope="module")
def listening() -> Iterator[Provider]:
    started = Provider((Account("Ada", {"email": "ada@example.org"}),))
    started.start()
    yield started
    started.stop()


def settings_of(url: str = "https://login.example.org", **given: Any) -> Settings:
    whole = {"oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET, "oidc_metadata_url": url}
    return Settings(**{**whole, **given})


def claims(ctx: Context, **given: Any) -> dict[str, Any]:
    issued = int(ctx.clock().timestamp())
    return {"iss": "https://login.example.org", "sub": "1", "iat": issued, "nonce": "n", **given}


# ------------------------------------------------------------------ once


def test_what_a_provider_says_is_good_once(ctx: Context) -> None:
    assert vouchers.take(ctx.app, claims(ctx), ctx.clock())
    assert not vouchers.take(ctx.app, claims(ctx), ctx.clock())
    assert vouchers.take(ctx.app, claims(ctx, nonce="another"), ctx.clock())


def test_it_stays_used_for_longer_than_it_is_good(ctx: Context) -> None:
    vouchers.take(ctx.app, claims(ctx), ctx.clock())

    for later in (timedelta(minutes=59), timedelta(hours=2), timedelta(days=40)):
        vouchers.take(ctx.app, claims(ctx, nonce=str(later)), ctx.clock() + later)
        assert not vouchers.take(ctx.app, claims(ctx), ctx.clock() + later)


@pytest.mark.parametrize("issued", [None, "now", -3601, 3601])
def test_what_is_old_or_bears_no_date_is_good_for_nothing(ctx: Context, issued: object) -> None:
    moment = ctx.clock().timestamp() + issued if isinstance(issued, int) else issued

    assert not vouchers.take(ctx.app, claims(ctx, iat=moment), ctx.clock())


# ------------------------------------------------------------------ whom


@pytest.mark.parametrize("confirmed", [{}, {"email_verified": True}, {"email_verified": "true"}])
def test_an_address_counts_unless_it_is_said_not_to_be_confirmed(confirmed: dict[str, Any]) -> None:
    assert provider.email({"email": "ada@example.org", **confirmed}) == "ada@example.org"


@pytest.mark.parametrize("said", [False, "false", "False", None, 0, ""])
def test_an_unconfirmed_address_does_not_however_that_is_said(said: object) -> None:
    with pytest.raises(NotAllowed, match=r"has not confirmed the address ada@example\.org"):
        provider.email({"email": "ada@example.org", "email_verified": said})


@pytest.mark.parametrize("told", [{}, {"email": None}, {"email": ""}, {"email": ["ada@example.org"]}])
def test_without_an_address_nobody_is_known(told: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed, match="told no e-mail address"):
        provider.email(told)


def test_userinfo_about_somebody_else_is_not_used(listening: Provider) -> None:
    config = settings_of(listening.metadata_url)
    listening.bearers["told"] = listening.accounts[0]

    assert provider.userinfo(config, "told", "Ada")["email"] == "ada@example.org"
    assert provider.userinfo(config, "told", "Eve") == {}
    assert provider.userinfo(config, "", "Ada") == {}
    with pytest.raises(SourceUnreachable, match="401"):
        provider.userinfo(config, "made up", "Ada")


# ------------------------------------------------------------------ the way back


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("", "/"),
        ("/team?period=last_90_days&compare=year", "/team?period=last_90_days&compare=year"),
        ("https://bi.example.org/report?id=1#top", "/report?id=1"),
        ("https://evil.example.org", "/"),
        ("//evil.example.org/team", "/team"),
        ("https://bi.example.org//evil.example.org/x", "/evil.example.org/x"),
        ("/\\evil.example.org", "/evil.example.org"),
        ("/\t/evil.example.org", "/"),
        ("javascript:alert(1)", "/alert(1)"),
        ("http://[broken", "/"),
        ("/oauth2callback?error=x", "/"),
        ("/auth/login?provider=x", "/"),
        (f"/team?note={'x' * 2000}", "/"),
    ],
)
def test_the_way_back_leads_to_our_own_pages_only(asked: str, led: str) -> None:
    assert inside(asked) == led


# ------------------------------------------------------------------ setting it up


def test_without_any_of_the_variables_single_sign_on_is_off() -> None:
    provider.check(Settings())

    assert not Settings().single_sign_on


@pytest.mark.parametrize("name", ["oidc_client_id", "oidc_client_secret", "oidc_metadata_url"])
def test_a_set_up_by_halves_names_what_is_missing(name: str) -> None:
    config = settings_of(**{name: ""})

    with pytest.raises(BadInput, match=f"SIGHTLINE_{name.upper()} has no value"):
        provider.check(config)
    assert not config.single_sign_on


def test_a_server_that_listens_everywhere_must_be_told_its_address() -> None:
    with pytest.raises(BadInput, match="SIGHTLINE_PUBLIC_URL is not set"):
        provider.check(settings_of(host="0.0.0.0"))

    config = settings_of(host="0.0.0.0", public_url="https://bi.example.org/")
    provider.check(config)
    assert provider.redirect_address(config) == "https://bi.example.org/oauth2callback"


def test_sightline_does_not_start_with_a_set_up_by_halves(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from core.entrypoints.cli import main; main()", "up"]
    told = {"SIGHTLINE_HOME": str(tmp_path), "SIGHTLINE_OIDC_CLIENT_ID": "sightline", "PATH": "/usr/bin:/bin"}

    done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert "SIGHTLINE_OIDC_CLIENT_SECRET and SIGHTLINE_OIDC_METADATA_URL have no value" in done.stderr


def test_the_check_up_tells_the_address_to_register(listening: Provider, house: House) -> None:
    rooms = replace(house, settings=settings_of(listening.metadata_url, port=8601))

    (finding,) = checkup._single_sign_on(rooms)

    assert finding.state == "well" and listening.url in finding.what
    assert finding.advice.endswith("http://127.0.0.1:8601/oauth2callback")


def test_the_check_up_says_when_the_address_is_no_provider(listening: Provider) -> None:
    with pytest.raises(SourceUnreachable, match=r"404 Not Found"):
        provider.metadata(settings_of(f"{listening.url}/nothing"))
    with pytest.raises(SourceUnreachable, match="has no 'issuer'"):
        provider.metadata(settings_of(f"{listening.url}/keys"))

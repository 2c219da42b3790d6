"""The organisation's OpenID Connect provider: whether Sightline is set up for one, and what it tells of somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.base.errors import BadInput, NotAllowed, SourceUnreachable
from core.base.settings import Settings

_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
_PATIENCE_S = 5.0


def check(config: Settings) -> None:
    """Return quietly if single sign-on is off or wholly set; BadInput names what is missing."""
    given = {
        "SIGHTLINE_OIDC_CLIENT_ID": config.oidc_client_id,
        "SIGHTLINE_OIDC_CLIENT_SECRET": config.oidc_client_secret.get_secret_value(),
        "SIGHTLINE_OIDC_METADATA_URL": config.oidc_metadata_url,
    }
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return
    if missing:
        has = "has" if len(missing) == 1 else "have"
        raise BadInput(
            f"Single sign-on is set up by halves: {' and '.join(missing)} {has} no value."
            " Set all three variables of SIGHTLINE_OIDC, or none."
        )
    if config.host in _EVERYWHERE and not config.public_url:
        raise BadInput(
            "SIGHTLINE_PUBLIC_URL is not set. Single sign-on needs the address that people open, such as"
            " https://sightline.example.org: the provider sends them back there."
        )


def redirect_address(config: Settings) -> str:
    """Where the provider sends people back to; it must be registered there, to the letter."""
    return f"{config.url}/oauth2callback"


def metadata(config: Settings) -> dict[str, Any]:
    """What the provider tells of itself; SourceUnreachable if it does not answer, or answers something else."""
    told = _asked(config.oidc_metadata_url)
    if missing := [name for name in _NEEDED if not told.get(name)]:
        raise SourceUnreachable(
            f"{config.oidc_metadata_url} does not describe an OpenID Connect provider: it has no '{missing[0]}'."
            " SIGHTLINE_OIDC_METADATA_URL ends with /.well-known/openid-configuration."
        )
    return told


def userinfo(config: Settings, bearer: str, subject: str) -> dict[str, Any]:
    """What the provider tells of the holder of an access token, where the ID token did not; {} if it has no more."""
    address = metadata(config).get("userinfo_endpoint")
    if not address or not bearer:
        return {}
    told = _asked(address, {"Authorization": f"Bearer {bearer}"})
    # An answer about somebody else must not be used: OpenID Connect Core, 5.3.2.
    return told if told.get("sub") == subject else {}


def email(claims: Mapping[str, Any]) -> str:
    """The address that the provider vouches for; NotAllowed if there is none, or it is said not to be confirmed.

    A provider that says nothing about `email_verified` is trusted: it is the organisation's own.
    """
    address = claims.get("email")
    if not isinstance(address, str) or "@" not in address:
        raise NotAllowed(
            "Your organisation's sign-in told no e-mail address. Whoever keeps it must let Sightline read 'email'."
        )
    if str(claims.get("email_verified", True)).casefold() != "true":
        raise NotAllowed(
            f"Your organisation's sign-in has not confirmed the address {address}."
            " Confirm it there, then sign in again."
        )
    return address


def _asked(address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    import httpx

    try:
        answer = httpx.get(address, headers=dict(headers or {}), timeout=_PATIENCE_S).raise_for_status()
        told = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise SourceUnreachable(
            f"The provider of single sign-on does not answer at {address}: {error}. Try again in a minute."
        ) from error
    return told if isinstance(told, dict) else {}

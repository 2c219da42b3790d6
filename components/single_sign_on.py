"""What `st.login` needs to know of the OpenID Connect provider, and what the provider has told of somebody."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from core.access import provider
from core.base.settings import Settings, settings


def secrets() -> dict[str, Any] | None:
    """Streamlit's [auth] secrets; None where single sign-on is off."""
    config = settings()
    return {"auth": _auth(config)} if config.single_sign_on else None


def claims() -> dict[str, Any]:
    """What the ID token says of whoever has just come back from the provider; {} if nobody has."""
    if not settings().single_sign_on or not st.user.is_logged_in:
        return {}
    return {name: value for name, value in st.user.to_dict().items() if name != "tokens"}


def email(told: dict[str, Any]) -> str:
    """The address that the provider vouches for, in the ID token or else in its userinfo; NotAllowed if in neither."""
    if "email" not in told:
        bearer = str(st.user.tokens.get("access") or "")
        told = told | provider.userinfo(settings(), bearer, str(told.get("sub")))
    return provider.email(told)


def _auth(config: Settings) -> dict[str, Any]:
    return {
        "redirect_uri": provider.redirect_address(config),
        "cookie_secret": hashlib.sha256(b"sightline.oidc:" + config.key().encode()).hexdigest(),
        "client_id": config.oidc_client_id,
        "client_secret": config.oidc_client_secret.get_secret_value(),
        "server_metadata_url": config.oidc_metadata_url,
        "expose_tokens": ["access"],
    }

"""What `st.login` needs to know of the OpenID Connect provider, from our settings."""

from __future__ import annotations

import hashlib
from typing import Any

from core.base.settings import Settings, settings


def secrets() -> dict[str, Any] | None:
    """Streamlit's [auth] secrets; None where single sign-on is off."""
    config = settings()
    return {"auth": _auth(config)} if config.oidc_client_id else None


def _auth(config: Settings) -> dict[str, str]:
    return {
        "redirect_uri": f"{config.url}/oauth2callback",
        "cookie_secret": hashlib.sha256(b"sightline.oidc:" + config.key().encode()).hexdigest(),
        "client_id": config.oidc_client_id,
        "client_secret": config.oidc_client_secret.get_secret_value(),
        "server_metadata_url": config.oidc_metadata_url,
    }

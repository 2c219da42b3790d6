"""One-time links that let their holder set a password."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.access.models import User
from core.base.errors import BadInput
from core.base.settings import settings
from core.stores.app import AppStore

LASTS = timedelta(days=3)

STALE = (
    "This link has been used, is too old, or is incomplete."
    " Ask an admin for a new one, or run `sightline users link NAME` on the server."
)


def setup_link(user: User) -> str:
    """A path that lets its holder set this user's password once: any change of the password ends it."""
    return f"/set-password?token={_signer().dumps([user.id, _print(user)])}"


def owner(app: AppStore, token: str) -> User:
    """Whose password this link may set; BadInput if it is used, old or made up."""
    try:
        user_id, print_then = _signer().loads(token, max_age=int(LASTS.total_seconds()))
    except (BadSignature, ValueError) as error:
        raise BadInput(STALE) from error
    with app.reading() as session:
        user = session.get(User, user_id)
    if user is None or not user.is_active or _print(user) != print_then:
        raise BadInput(STALE)
    return user


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().key(), salt="sightline.set-password")


def _print(user: User) -> str:
    return hashlib.sha256(f"{user.id}:{user.password_hash}".encode()).hexdigest()[:16]

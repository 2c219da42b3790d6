"""A workspace with people in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.access import signing_in, users
from core.access.models import User
from core.bootstrap import House
from core.context import Context
from core.stores.app import AppStore

PASSWORD = "a sentence of several words"


@pytest.fixture
def member(ctx: Context) -> Callable[..., User]:
    """`member("ada", role="viewer")` is a user of the workspace with PASSWORD."""

    def make(name: str, role: str = "member", where: Context = ctx) -> User:
        users.add(where, username=name, email=f"{name}@example.org", role=role, password=PASSWORD)
        return users.named(where.app, name)

    return make


@pytest.fixture
def sign_in(house: House) -> Callable[..., User]:
    """`sign_in("ada", "…")` as the form would."""

    def tried(name: str, password: str = PASSWORD, address: str = "10.0.0.1", loopback: bool = False) -> User:
        return signing_in.authenticate(house.app, name, password, now=house.clock(), address=address, loopback=loopback)

    return tried


@pytest.fixture
def app(any_app: AppStore) -> AppStore:
    """What these tests ask of the app store is asked of both kinds."""
    return any_app

"""People are kept in the app store, of whichever kind."""

from __future__ import annotations

import pytest

from core.stores.app import AppStore


@pytest.fixture
def app(any_app: AppStore) -> AppStore:
    """What these tests ask of the app store is asked of both kinds."""
    return any_app

"""The routes over the house of a test, asked as a browser on this machine would."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.bootstrap import House
from core.entrypoints.api import letters, observe


@pytest.fixture
def asking() -> Callable[..., TestClient]:
    """`asking(house)` is a client of its routes; `client` names the address that it seems to come from."""

    def client_of(house: House, client: str = "127.0.0.1", host: str = "localhost:8501") -> TestClient:
        served = Starlette(routes=[*letters.routes(lambda: house), *observe.routes(lambda: house)])
        return TestClient(served, base_url=f"http://{host}", client=(client, 50000))

    return client_of

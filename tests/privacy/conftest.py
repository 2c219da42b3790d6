"""Four people in two teams, and a user of each role: one leads the team Atlas, one is Ann."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.access import users, workspaces
from core.access.models import WorkspaceRow
from core.base.queue import InlineQueue
from core.base.settings import Settings
from core.bootstrap import House, build, models
from core.context import Context
from core.people import service as people
from core.people.views import Seen
from core.stores.app import AppStore, Base
from core.stores.files import LocalFiles
from core.stores.metrics import MetricsStore
from tests.catalogue.factories import History
from tests.conftest import NOW


@dataclass
class Home:
    house: House
    root: Context
    people: dict[str, str]
    atlas: str
    beam: str

    def as_user(self, name: str) -> Context:
        """What the doors make of somebody, by the rows as they are now."""
        here = workspaces.find(self.house.app, self.root.workspace.id)
        user = users.named(self.house.app, name)
        return self.house.context(here, users.actor_for(self.house.app, user.id, here.id))

    def mode(self, individuals: str) -> None:
        with self.house.app.session() as session:
            session.execute(sa.update(WorkspaceRow).values(individuals=individuals))


@pytest.fixture
def acme(house: House) -> Home:
    return settled(house)


@pytest.fixture(scope="module")
def shared(metrics: MetricsStore, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The same for tests that change nothing but the mode, which each of them sets first."""
    models()
    folder = tmp_path_factory.mktemp("shared")
    store = AppStore(f"sqlite:///{folder / 'app.db'}")
    Base.metadata.create_all(store.engine)
    config = Settings(home=home)
    queue = build(config, InlineQueue(), clock=lambda: NOW).queue
    yield settled(House(config, store, metrics, LocalFiles(folder / "files"), queue, lambda: NOW))
    store.close()


def settled(house: House) -> Home:
    ctx = house.context(workspaces.create(house.app, name="Acme", now=house.clock()))
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob", "cid", "dan")])
    known = {one.name.lower(): one.id for one in people.people(ctx)}
    atlas, beam = people.create_team(ctx, "Atlas").id, people.create_team(ctx, "Beam").id
    for name, team in (("ann", atlas), ("bob", atlas), ("cid", beam), ("dan", beam)):
        people.set_membership(ctx, known[name], team, date(2026, 1, 1))
    history = History(ctx)
    for place, name in enumerate(("ann", "bob", "cid", "dan")):
        for hour in range(place + 1):
            history.commit(name, f"2026-03-0{place + 2} {hour + 9:02d}:00")
    history.ingest()
    for name, role in (
        ("viewer", "viewer"), ("member", "member"), ("lead", "manager"), ("manager", "manager"), ("admin", "admin"),
        ("ann", "viewer"),
    ):  # fmt: skip
        users.add(ctx, username=name, email=f"{name}@example.org", role=role)
    users.link_person(ctx, "ann", known["ann"])
    people.set_leads(ctx, "Atlas", ["lead"])
    return Home(house, ctx, known, atlas, beam)

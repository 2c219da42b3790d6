"""A workspace with a report, somebody who may schedule it, and the delivery tests' clock and mail server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest
from streamlit.testing.v1 import AppTest

from core.access import sessions, users, workspaces
from core.access.models import User, WorkspaceMember
from core.alerts import service as alerts
from core.base.errors import SightlineError
from core.base.queue import InlineQueue
from core.bootstrap import House
from core.context import Context
from core.reports import service as reports
from core.schedules import posts, service
from core.schedules.views import ScheduleView
from core.schedules.wish import Wish
from tests.delivery.conftest import Hands, hands, mailing, office  # noqa: F401 - fixtures

METRICS = ["commits_count", "lines_added"]


@dataclass
class Stage:
    """What a test of schedules plays on."""

    house: House
    ctx: Context
    """Of Ada, a manager."""
    report_id: str
    hands: Hands

    def schedule(self, **wish: object) -> ScheduleView:
        given = {"recipients": ["team@example.org"], "formats": ("html",), "time_zone": "Europe/Berlin", **wish}
        return service.create(self.ctx, self.report_id, Wish(**given))  # type: ignore[arg-type]

    def tick(self) -> int:
        return service.tick(self.house)

    def work(self) -> None:
        """Do what is on the queue until nothing is left, as a worker would."""
        emptied(self.house)


def emptied(house: House) -> None:
    """Do what is on the queue until nothing is left, as a worker would."""
    verbs = {"report": reports.execute, "run_finished": service.run_finished, "deliver": posts.deliver,
             "alerts": alerts.run}  # fmt: skip
    queue = house.queue
    assert isinstance(queue, InlineQueue)
    while queue.waiting:
        task, args = queue.waiting.pop(0)
        with suppress(SightlineError):  # its row tells of it, as with the real worker
            verbs[task](house, *map(str, args))


def join(house: House, ctx: Context, name: str, role: str) -> Context:
    """A user of this workspace, and their context."""
    with house.app.session() as session:
        user = User(
            username=name, email=f"{name}@example.org", first_name=name.title(), last_name="", password_hash="",
            is_active=True, is_demo=False, time_zone="", created_at=house.clock(),
        )  # fmt: skip
        session.add(user)
        session.flush()
        session.add(WorkspaceMember(workspace_id=ctx.workspace.id, user_id=user.id, role=role))
    return ctx.as_actor(users.actor_for(house.app, user.id, ctx.workspace.id))


def signed_in(stage: Stage, script: Callable[..., None], *args: object) -> AppTest:
    """What a script draws for Ada: a test cannot keep a dialog open from one click to the next."""
    session_id, _ = sessions.start(stage.house.app, stage.ctx.actor.user_id, now=stage.house.clock())
    sessions.choose_workspace(stage.house.app, session_id, stage.ctx.workspace.id)
    app = AppTest.from_function(script, args=args, default_timeout=60)
    app.session_state["_signed_in"] = sessions.look(stage.house.app, session_id, stage.house.clock())
    return app.run()


@pytest.fixture
def quick(stage: Stage) -> Stage:
    """The same with a report of one number, which is made sooner than one of the default plan, and without files."""
    blocks = [{"widget": "metric.stat", "params": {"metric": "commits_count"}}]
    plan = {"title": "Weekly health", "window": {"range": "last_week"}, "sections": [{"blocks": blocks}]}
    reports.delete(stage.ctx, stage.report_id)
    return replace(stage, report_id=reports.create(stage.ctx, "Weekly health", plan=plan).id)


@pytest.fixture
def stage(mailing: Callable[..., House], hands: Hands) -> Stage:  # noqa: F811 - the fixtures themselves
    house = mailing()
    system = house.context(workspaces.create(house.app, name="Acme", time_zone="Europe/Berlin", now=house.clock()))
    join(house, system, "root", "admin")
    ada = join(house, system, "ada", "manager")
    report = reports.create(ada, "Weekly health", {"metrics": METRICS, "formats": ["html"], "date_range": "last_week"})
    return Stage(house, ada, report.id, hands)

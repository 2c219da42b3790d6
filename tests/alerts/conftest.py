"""A workspace whose weeks are known, a rule, somebody who may make rules, and the delivery tests' clock and mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from core.access import workspaces
from core.alerts import service
from core.alerts.views import RuleView
from core.alerts.wish import Wish
from core.base.errors import SightlineError
from core.base.queue import InlineQueue
from core.bootstrap import House
from core.context import Context
from core.schedules import posts
from tests.catalogue.factories import History
from tests.delivery.conftest import Hands, hands, mailing, office  # noqa: F401 - fixtures
from tests.schedules.conftest import join

STEADY = (5, 4, 6, 5, 4, 5, 6, 5, 4, 6, 5, 5)
"""Commits of the twelve weeks that end on 1 March 2026: their median is 5."""
LAST_MONDAY = date(2026, 3, 2)
"""The newest finished week at the tests' noon, Wednesday 11 March 2026."""


@dataclass
class Stage:
    """What a test of alerts plays on."""

    house: House
    ctx: Context
    """Of Ada, a manager."""
    hands: Hands
    repos: dict[str, str] = field(default_factory=dict)

    def weeks(self, counts: Sequence[int], author: str = "ann", last: date = LAST_MONDAY) -> None:
        """Commits of successive weeks, the last of which begins on `last`."""
        history = History(self.house.context(self.ctx.workspace), repos=self.repos)
        for place, count in enumerate(counts):
            monday = last - timedelta(days=7 * (len(counts) - 1 - place))
            for number in range(count):
                history.commit(author, f"{monday + timedelta(days=number % 5)} {8 + number // 5:02d}:00")
        history.ingest()
        self.renewed()

    def renewed(self) -> None:
        """The context as the rows say now."""
        here = workspaces.find(self.house.app, self.ctx.workspace.id)
        self.ctx = self.house.context(here, self.ctx.actor)

    def rule(self, **wish: object) -> RuleView:
        """A rule over commits a week, which began to watch a year ago."""
        made = service.create(self.ctx, Wish(**{"metric": "commits_count", **wish}))  # type: ignore[arg-type]
        self.began(made.id, LAST_MONDAY)
        return made

    def began(self, rule_id: str, day: date) -> None:
        from core.alerts.models import AlertRule

        with self.house.app.session() as session:
            session.get_one(AlertRule, rule_id).watched_from = day

    def tick(self) -> int:
        return service.tick(self.house)

    def work(self) -> None:
        """Do what is on the queue until nothing is left, as a worker would."""
        verbs = {"alerts": service.run, "deliver": posts.deliver}
        queue = self.house.queue
        assert isinstance(queue, InlineQueue)
        while queue.waiting:
            task, args = queue.waiting.pop(0)
            with suppress(SightlineError):
                verbs[task](self.house, *map(str, args))


@pytest.fixture
def stage(mailing: Callable[..., House], hands: Hands) -> Stage:  # noqa: F811 - the fixtures themselves
    house = mailing()
    system = house.context(workspaces.create(house.app, name="Acme", now=house.clock()))
    join(house, system, "root", "admin")
    return Stage(house, join(house, system, "ada", "manager"), hands)

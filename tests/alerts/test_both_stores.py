"""Rules, findings, leads and looks on both kinds of app store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.access import looks, users, workspaces
from core.alerts import service
from core.bootstrap import House
from core.people import service as people
from core.people.views import Seen
from core.stores.app import AppStore
from tests.alerts.conftest import STEADY, Stage
from tests.delivery.conftest import Hands
from tests.delivery.post_office import PostOffice
from tests.schedules.conftest import join


@pytest.fixture
def stage(mailing: Callable[..., House], hands: Hands, any_app: AppStore) -> Stage:
    house = replace(mailing(), app=any_app)
    system = house.context(workspaces.create(any_app, name="Acme", now=house.clock()))
    join(house, system, "root", "admin")
    return Stage(house, join(house, system, "ada", "manager"), hands)


def test_a_finding_is_made_told_and_listed(stage: Stage, office: PostOffice) -> None:
    stage.weeks((*STEADY, 20))
    made = stage.rule(name="Bursts", recipients=("team@example.org",))
    for _ in range(2):
        stage.tick()
        stage.work()
        service.run(stage.house, stage.ctx.workspace.id, made.id)

    (view,) = service.rules(stage.ctx)
    assert (view.findings, view.created_by, view.outcomes[0].state) == (1, "Ada", "fired")
    (found,) = service.findings(stage.ctx)
    assert [one.status for one in service.sent(stage.ctx, found.id)] == ["delivered"]
    assert len(office.mails) == 1
    service.delete(stage.ctx, made.id)
    assert service.rules(stage.ctx) == []


def test_a_lead_sees_the_team_and_is_noted_once(stage: Stage) -> None:
    house, root = stage.house, stage.house.context(stage.ctx.workspace)
    people.register(root, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob")])
    ann, bob = (people.person(root, name).id for name in ("ann", "bob"))
    people.set_membership(root, ann, people.create_team(root, "Atlas").id, date(2026, 1, 1))
    people.set_leads(root, "Atlas", ["ada"])
    workspaces.change(root, name="Acme", time_zone="UTC", individuals="leads")
    here = workspaces.find(house.app, root.workspace.id)
    ada = house.context(here, users.actor_for(house.app, stage.ctx.actor.user_id, here.id))

    assert (ada.sees_person(ann), ada.sees_person(bob)) == (True, False)
    for _ in range(2):
        looks.looked(ada, [ann])
    assert [one.viewer for one in looks.looks(root)] == ["Ada"]

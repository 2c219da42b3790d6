"""Saved reports: what is refused at the door, who may change them, and that deleting can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.bootstrap import House
from core.context import Context
from core.people import service as people
from core.reports import service
from tests.reports.conftest import FORMATS, World

Users = Callable[..., Context]


def test_a_report_keeps_what_was_chosen(world: World) -> None:
    made = service.create(
        world.ctx,
        "Weekly Health",
        {"scope": "team", "teams": ["atlas"], "dateRange": "last_7_days", "metrics": ["Lead Time"], "formats": FORMATS},
        description="DORA metrics overview",
    )

    kept = service.get(world.ctx, made.id)
    assert (kept.name, kept.description, kept.is_active, kept.report_plan) == (
        "Weekly Health", "DORA metrics overview", True, None,
    )  # fmt: skip
    assert kept.parameters.teams == (world.teams["Atlas"],)
    assert kept.parameters.names == {world.teams["Atlas"]: "Atlas"}
    assert kept.parameters.metrics == ("lead_time_hours",)
    assert kept.parameters.date_range == "last_7_days"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"metrics": ["lead_tyme_hours"]}, "no metric named 'lead_tyme_hours'. Did you mean 'lead_time_hours'"),
        ({"scope": "team", "teams": ["Atlass"]}, "no team named 'Atlass'. Did you mean 'Atlas'"),
        ({"scope": "person", "people": ["Anne"]}, "no person named 'Anne'. Did you mean 'Ann'"),
        ({"scope": "repo", "repos": ["sites"]}, "no repository named 'sites'. Did you mean 'site'"),
        ({"scope": "team"}, "Choose at least one team"),
        ({"date_range": "last_week_or_so"}, "no range named 'last_week_or_so'"),
        ({"time_zone": "Mars/Olympus"}, "no time zone named 'Mars/Olympus'"),
        ({"formats": ["xslx"]}, "no format 'xslx'. Did you mean 'xlsx'"),
        ({"metrix": []}, "no field named 'metrix'. Did you mean 'metrics'"),
        ({"compare": "last"}, "'compare'"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named_with_the_nearest(
    world: World, parameters: dict[str, object], sentence: str
) -> None:
    with pytest.raises(BadInput) as caught:
        service.create(world.ctx, "Health", {"formats": FORMATS, **parameters})

    assert sentence in caught.value.message
    assert service.reports(world.ctx) == []


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("commits_count", "commits_count"),
        ("Deployment Frequency", "deployment_frequency"),
        ("change failure rate", "change_failure_rate"),
        ("Lead Time", "lead_time_hours"),
    ],
)
def test_a_metric_is_known_by_its_key_and_by_its_name(world: World, word: str, key: str) -> None:
    made = service.create(world.ctx, "Health", {"metrics": [word], "formats": FORMATS})

    assert made.parameters.metrics == (key,)


def test_a_plan_of_ones_own_is_checked_block_by_block(world: World) -> None:
    plan = {"title": "Mine", "sections": [{"blocks": [{"widget": "metric.stat", "params": {"metric": "comits"}}]}]}

    with pytest.raises(BadInput, match="no metric named 'comits'"):
        service.create(world.ctx, "Mine", {"formats": FORMATS}, plan=plan)


def test_a_plan_with_an_unknown_widget_names_the_nearest(world: World) -> None:
    plan = {"title": "Mine", "sections": [{"blocks": [{"widget": "metric.stats", "params": {}}]}]}

    with pytest.raises(NotFound, match=r"Did you mean 'metric.stat'"):
        service.create(world.ctx, "Mine", {"formats": FORMATS}, plan=plan)


def test_search_looks_in_names_and_descriptions(world: World) -> None:
    for name, about in (("Weekly Health", "for Atlas"), ("Monthly costs", ""), ("Team health", "")):
        service.create(world.ctx, name, {"formats": FORMATS}, description=about)

    assert {one.name for one in service.reports(world.ctx, "health")} == {"Weekly Health", "Team health"}
    assert [one.name for one in service.reports(world.ctx, "health atlas")] == ["Weekly Health"]
    page = service.listed(world.ctx, limit=2)
    assert (len(page.items), page.total) == (2, 3)


def test_a_report_is_found_by_name_and_a_typing_error_is_helped(world: World) -> None:
    made = service.create(world.ctx, "Weekly Health", {"formats": FORMATS})

    assert service.find(world.ctx, "weekly health").id == made.id
    with pytest.raises(NotFound, match="Did you mean 'Weekly Health'"):
        service.find(world.ctx, "Weekly Helth")


def test_a_clone_belongs_to_whoever_made_it(world: World, user: Users) -> None:
    mia = user("mia")
    original = service.create(world.ctx, "Weekly Health", {"formats": FORMATS})

    copy = service.clone(mia, original.id)

    assert (copy.name, copy.owner_id) == ("Copy of Weekly Health", mia.actor.user_id)
    assert copy.parameters == original.parameters


def test_only_the_owner_and_admins_change_a_report(world: World, user: Users) -> None:
    mia, max_, ada = user("mia"), user("max", "manager"), user("ada", "admin")
    made = service.create(mia, "Mine", {"formats": FORMATS})

    with pytest.raises(NotAllowed, match="Clone it"):
        service.update(max_, made.id, name="Ours")
    assert not service.get(max_, made.id).may_edit
    assert service.update(ada, made.id, name="Ours").name == "Ours"
    assert service.get(mia, made.id).owner_id == mia.actor.user_id


def test_a_viewer_sees_and_does_nothing_else(world: World, user: Users) -> None:
    vic = user("vic", "viewer")
    made = service.create(world.ctx, "Weekly", {"formats": FORMATS})

    assert service.get(vic, made.id).name == "Weekly"
    for forbidden in (
        lambda: service.create(vic, "Mine", {}),
        lambda: service.update(vic, made.id, name="x"),
        lambda: service.clone(vic, made.id),
        lambda: service.delete(vic, made.id),
        lambda: service.run_now(vic, made.id),
    ):
        with pytest.raises(NotAllowed):
            forbidden()


def test_a_private_report_is_its_owners_and_the_admins(world: World, user: Users) -> None:
    mia, max_, ada = user("mia"), user("max", "manager"), user("ada", "admin")
    made = service.create(mia, "Mine", {"formats": FORMATS}, visibility="private")

    assert service.get(ada, made.id)
    assert service.reports(max_) == []
    with pytest.raises(NotFound):
        service.run_now(max_, made.id)


def test_another_workspace_gets_nothing(world: World, house: House) -> None:
    from core.access import workspaces

    made = service.create(world.ctx, "Weekly", {"formats": FORMATS})
    run = service.run_now(world.ctx, made.id)
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))

    assert service.reports(other) == []
    with pytest.raises(NotFound):
        service.get(other, made.id)
    with pytest.raises(NotFound):
        service.run(other, run.id)
    with pytest.raises(NotFound):
        service.cancel(other, run.id)


def test_a_deleted_report_can_be_brought_back(world: World) -> None:
    made = service.create(world.ctx, "Weekly", {"formats": FORMATS})
    run = service.run_now(world.ctx, made.id)

    service.delete(world.ctx, made.id)
    assert service.reports(world.ctx) == []
    with pytest.raises(NotFound):
        service.get(world.ctx, made.id)

    assert service.restore(world.ctx, made.id).name == "Weekly"
    assert service.run(world.ctx, run.id).status == "cancelled"


def test_a_deleted_report_is_brought_back_for_thirty_days_whether_swept_or_not(world: World) -> None:
    made = service.create(world.ctx, "Weekly", {"formats": FORMATS})
    service.delete(world.ctx, made.id)

    def on_day(days: float) -> Context:
        return replace(world.ctx, clock=lambda: world.ctx.clock() + timedelta(days=days))

    with pytest.raises(Conflict, match=r"'Weekly' was deleted more than 30 days ago.*Make it anew"):
        service.restore(on_day(31), made.id)
    assert service.restore(on_day(29.9), made.id).name == "Weekly"


def test_a_report_deleted_long_ago_is_gone_for_good(world: World, house: House) -> None:
    made = service.create(world.ctx, "Weekly", {"formats": FORMATS})
    service.delete(world.ctx, made.id)

    assert service.purge(house) == 0
    later = replace(house, clock=lambda: house.clock() + timedelta(days=31))
    assert service.purge(later) == 1
    with pytest.raises(NotFound):
        service.restore(world.ctx, made.id)


def test_a_team_that_is_gone_is_named_when_the_report_is_saved_again(world: World) -> None:
    made = service.create(world.ctx, "Weekly", {"scope": "team", "teams": ["Atlas", "Borealis"], "formats": FORMATS})
    people.delete_team(world.ctx, world.teams["Atlas"])

    with pytest.raises(BadInput, match="no team named 'Atlas'"):
        service.update(world.ctx, made.id, name="Weekly two")

"""What a merge would do to every number is told before, and is what it then does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.access import workspaces
from core.analysis import merging
from core.base.errors import NotAllowed
from core.bootstrap import House
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import ROLES, Actor
from core.people import service as people
from tests.ingestion import clones
from tests.reports.test_any_order import ADA, AT_HOME, FIRST, PERIOD, Workspace, the_past

SCOPE = Scope(PERIOD)


@pytest.fixture
def filled(house: House, tmp_path: Path) -> Workspace:
    """Ada has two addresses, in two teams with times off of their own; all five weeks are read."""
    past, cloned = the_past(), {name: clones.new(tmp_path / name) for name in ("app", "lib")}
    for clone in cloned.values():
        clone.commit("Begin", {"README": "1\n"}, author=ADA, at=f"{FIRST.timestamp():.0f} +0100")
    ctx = house.context(workspaces.create(house.app, name="Acme", now=house.clock()))
    there = Workspace(ctx, house, cloned)
    there.follow("app", "lib")
    for name, rows in past.commits.items():
        there.commit(name, rows)
        there.read(name)
    for kind, told in past.records.items():
        there.push(kind, told)
    there.teams(moved_at_once=True)
    borealis, home = people.team(ctx, "Borealis").id, there.who(AT_HOME)
    people.set_membership(ctx, home, borealis, date(2026, 1, 1), date(2026, 2, 20))
    people.add_leave(ctx, home, date(2026, 2, 9), date(2026, 2, 11), "leave")
    people.set_schedule(ctx, there.who(ADA), working_weekdays=(1, 2, 3, 4), start_minute=540, end_minute=1020,
                        time_zone="Europe/Berlin")  # fmt: skip
    there.ctx = house.context(workspaces.find(house.app, ctx.workspace.slug))
    return there


def test_every_number_after_a_merge_is_the_one_that_was_told(filled: Workspace) -> None:
    ctx, ada, home = filled.ctx, filled.who(ADA), filled.who(AT_HOME)
    viewer = ctx.as_actor(Actor("someone", "Someone", "viewer", ROLES["viewer"]))
    with pytest.raises(NotAllowed):
        merging.shifts(viewer, ada, home, SCOPE)
    workspaces.change(ctx, name="Acme", time_zone="UTC", individuals="self")
    boss = Actor("boss", "Boss", "admin", ROLES["admin"])
    unseen = filled.house.context(workspaces.find(filled.house.app, ctx.workspace.slug), boss)
    without_the_person = merging.shifts(unseen, ada, home, SCOPE)
    workspaces.change(ctx, name="Acme", time_zone="UTC", individuals="open")
    told = merging.shifts(ctx, ada, home, SCOPE)
    assert set(without_the_person) <= {one for one in told if one.subject != "person"}
    assert {one.subject for one in without_the_person} == {"team", "all"}
    shown = merging.table(ctx, ada, home, SCOPE)
    moving = people.preview_merge(ctx, ada, home)
    touched = merging.touched(ctx, moving).period
    assert touched and moving.first_day and moving.last_day
    assert touched.dates() == (moving.first_day - timedelta(days=1), moving.last_day + timedelta(days=1))
    before = everything(filled, ada)

    people.merge(ctx, ada, home)
    filled.ctx = filled.house.context(workspaces.find(filled.house.app, ctx.workspace.slug))
    after = everything(filled, ada)

    moved = {slot: after[slot] for slot in after if after[slot] != before.get(slot)}
    assert {(one.subject, one.name, one.metric): one.after for one in told} == moved
    assert {(one.subject, one.name, one.metric): one.now for one in told} == {slot: before.get(slot) for slot in moved}
    assert ("person", "Ada Lovelace", "commits_count") in moved
    assert ("all", merging.OF_ALL, "active_people") in moved
    assert ("all", merging.OF_ALL, "commits_count") not in moved

    commits = next(row for row in shown.rows if row[:2] == ["Ada Lovelace", METRICS.get("commits_count").label])
    now, more, together = (cell.value for cell in commits[2:])  # type: ignore[union-attr]
    assert now + more == together  # type: ignore[operator]


def everything(there: Workspace, person: str) -> dict[tuple[str, str, str], float | None]:
    keys = tuple(metric.key for metric in METRICS)
    names = {team.id: team.name for team in people.teams(there.ctx)}
    found: dict[tuple[str, str, str], float | None] = {}
    of_one = catalogue.measure(there.ctx, keys, replace(SCOPE, person_ids=(person,)), ("person",))
    teams, whole = catalogue.measure(there.ctx, keys, SCOPE, ("team",)), catalogue.measure(there.ctx, keys, SCOPE)
    for key in keys:
        found["person", "Ada Lovelace", key] = of_one.get(key, person).value
        found["all", merging.OF_ALL, key] = whole.get(key).value
        found |= {("team", name, key): teams.get(key, team).value for team, name in names.items()}
    return found

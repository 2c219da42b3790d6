"""Nobody sees rows of another workspace, period, team or person than asked for, nor people who are hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.access import workspaces
from core.base.errors import NotAllowed
from core.base.period import Period, between
from core.bootstrap import House
from core.catalogue.fact import TABLES
from core.catalogue.relations import SQL, parts_of, relation
from core.catalogue.scope import Scope
from core.catalogue.service import evidence, evidence_csv, explain, measure
from core.context import ROLES, Actor, Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, answered


def test_rows_of_another_workspace_never_count(house: House, ctx: Context) -> None:
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))
    theirs = History(other)
    theirs.person("ann", is_bot=True)
    theirs.member("ann", "red")
    theirs.commit("ann", "2026-03-03 09:00")
    theirs.pr("ann", 1, opened="2026-03-03 09:00", merged="2026-03-04 09:00")
    theirs.deploy("2026-03-04 09:00")
    theirs.ingest()
    ours = History(ctx)
    ours.commit("ann", "2026-03-04 09:00")
    ctx = ours.ingest()

    assert answered(ctx, "commits_count").value == 1
    assert answered(ctx, "commits_count").excluded == {}
    assert answered(ctx, "prs_merged").value == 0
    assert answered(ctx, "deployments_count").value is None
    assert answered(ctx, "commits_count", team_ids=("red",)).value is None
    assert len(evidence(ctx, "commits_count", WEEK).rows) == 1


def test_every_relation_reads_only_narrowed_tables() -> None:
    real = {table.name for table in TABLES.values()}
    for path in SQL.glob("*.sql"):
        text = relation(path.stem)
        assert path.stem not in real
        assert not [word for word in text.split() if word.strip("(),") in real and f"FROM {word}" in text], path
        assert parts_of(path.stem)[-1] == path.stem


def test_the_last_instant_belongs_to_the_next_period(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-01 23:59:59")
    history.commit("ann", "2026-03-02 00:00:00")
    history.commit("ann", "2026-03-08 23:59:59")
    history.commit("ann", "2026-03-09 00:00:00")
    ctx = history.ingest()

    assert answered(ctx, "commits_count").value == 2
    assert answered(ctx, "commits_count", Scope(None)).value == 4
    assert measure(ctx, ["commits_count"], Scope(None), ["week"]).get("commits_count", "2026-03-02").value == 2


def test_days_fall_on_the_midnights_of_the_scopes_zone_through_daylight_saving(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-28 22:59")  # 23:59 on Saturday in Berlin
    history.commit("ann", "2026-03-28 23:00")  # midnight: Sunday the 29th, which has 23 hours
    history.commit("ann", "2026-03-29 21:59")  # 23:59 on Sunday, summer time
    history.commit("ann", "2026-03-29 22:00")  # midnight: Monday
    ctx = history.ingest()
    days = Scope(between(date(2026, 3, 28), date(2026, 3, 30), "Europe/Berlin"), time_zone="Europe/Berlin")

    answer = measure(ctx, ["commits_count"], days, ["day"])

    assert [(v.group[0], v.value) for v in answer.values] == [("2026-03-28", 1), ("2026-03-29", 2), ("2026-03-30", 1)]
    sunday = Scope(between(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin"), time_zone="Europe/Berlin")
    assert answered(ctx, "commits_count", sunday).value == 2


def test_the_hour_that_comes_twice_is_one_day_long(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2025-10-26 00:30", offset=120)  # 02:30 summer time
    history.commit("ann", "2025-10-26 01:30", offset=60)  # 02:30 again
    ctx = history.ingest()
    day = Scope(between(date(2025, 10, 26), date(2025, 10, 26), "Europe/Berlin"), time_zone="Europe/Berlin")

    assert answered(ctx, "commits_count", day).value == 2
    assert answered(ctx, "avg_daily_active_hours", day).value == pytest.approx(1)
    assert measure(ctx, ["commits_count"], day, ["hour_of_week"]).get("commits_count", str(6 * 24 + 2)).value == 2


def test_buckets_are_mondays_fixed_fortnights_and_firsts(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-08 12:00")
    ctx = history.ingest()

    buckets = {
        by: measure(ctx, ["commits_count"], WEEK, [by]).values[0].group[0] for by in ("day", "week", "biweek", "month")
    }

    assert buckets == {"day": "2026-03-08", "week": "2026-03-02", "biweek": "2026-02-23", "month": "2026-03-01"}


def test_hours_of_the_week_are_the_authors(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-01 20:00", offset=330)  # Monday 01:30 in India
    ctx = history.ingest()
    sunday = Scope(between(date(2026, 3, 1), date(2026, 3, 1)))

    assert measure(ctx, ["commits_count"], sunday, ["hour_of_week"]).values[0].group == ("1",)


def test_repositories_teams_and_people_narrow(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.person("bob")
    history.member("ann", "red")
    history.commit("ann", "2026-03-03 09:00", repo="app")
    history.commit("ann", "2026-03-03 10:00", repo="web")
    history.commit("bob", "2026-03-03 11:00", repo="web")
    ctx = history.ingest()

    assert answered(ctx, "commits_count", repo_ids=(history.repos["web"],)).value == 2
    assert answered(ctx, "commits_count", team_ids=("red",)).value == 2
    assert answered(ctx, "commits_count", person="bob").value == 1
    assert answered(ctx, "commits_count", person="ann", repo_ids=(history.repos["web"],)).value == 1


def test_membership_is_that_of_the_day(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.member("ann", "red", until="2026-03-04")
    history.member("ann", "blue", since="2026-03-04")
    history.commit("ann", "2026-03-03 09:00")
    history.commit("ann", "2026-03-04 09:00")
    history.commit("ann", "2026-03-05 09:00")
    ctx = history.ingest()

    teams = measure(ctx, ["commits_count"], WEEK, ["team"])

    assert (teams.get("commits_count", "red").value, teams.get("commits_count", "blue").value) == (1, 2)
    assert answered(ctx, "commits_count", team_ids=("red",)).value == 1


def test_a_team_includes_the_teams_below_it(ctx: Context) -> None:
    from core.people import service as people

    history = History(ctx)
    history.person("ann")
    top = people.create_team(ctx, "Engineering")
    below = people.create_team(ctx, "Platform", parent_id=top.id)
    history.member("ann", below.id)
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()

    assert answered(ctx, "commits_count", team_ids=(top.id,)).value == 1


def test_an_unknown_identity_is_a_person_of_its_own(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-03 09:00")
    history.commit("stranger", "2026-03-03 09:00")
    ctx = history.ingest()

    groups = [value.group[0] for value in measure(ctx, ["commits_count"], WEEK, ["person"]).values]

    assert groups[0] == "ann"
    assert groups[1].startswith("identity:")


def test_bots_count_only_when_asked_for(ctx: Context) -> None:
    history = History(ctx)
    history.person("robot", is_bot=True)
    history.commit("robot", "2026-03-03 09:00")
    ctx = history.ingest()

    value = answered(ctx, "commits_count")
    assert (value.value, value.state, value.excluded) == (None, State.NO_DATA, {"bots": 1})
    assert answered(ctx, "commits_count", include_bots=True).value == 1
    by_email = measure(ctx, ["commits_count"], replace(WEEK, include_bots=True), ["email"])
    assert by_email.get("commits_count", "robot@example.com").value == 1


def hidden(ctx: Context, role: str = "viewer", person_id: str | None = None) -> Context:
    """The same workspace, hiding individuals from everybody but managers, as a user of this role."""
    closed = replace(ctx, workspace=replace(ctx.workspace, individuals="managers"))
    return closed.as_actor(Actor("u1", "Vera", role, ROLES[role], person_id))


def test_hidden_individuals_stay_hidden(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.person("bob")
    history.member("ann", "red")
    history.member("bob", "red")
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()
    vera = hidden(ctx)

    assert answered(vera, "commits_count").value == 1
    assert answered(vera, "commits_count", team_ids=("red",)).value == 1
    for by in (["person"], ["email"], ["person", "week"]):
        with pytest.raises(NotAllowed, match="does not show individuals"):
            measure(vera, ["commits_count"], WEEK, by)
    with pytest.raises(NotAllowed):
        answered(vera, "commits_count", person="ann")
    with pytest.raises(NotAllowed):
        evidence(vera, "commits_count", WEEK)
    with pytest.raises(NotAllowed):
        evidence_csv(hidden(ctx, "member"), "commits_count", WEEK)
    assert measure(hidden(ctx, "manager"), ["commits_count"], WEEK, ["person"]).get("commits_count", "ann").value == 1


def test_a_team_of_one_is_an_individual(ctx: Context) -> None:
    history = History(ctx)
    for name in ("ann", "bob", "cleo", "robot"):
        history.person(name, is_bot=name == "robot")
        history.commit(name, "2026-03-03 09:00")
    history.member("ann", "red")
    history.member("robot", "red")
    history.member("bob", "blue")
    history.member("cleo", "blue")
    history.member("cleo", "red", since="2026-03-20")
    ctx = history.ingest()
    vera = hidden(ctx)

    for ask in (
        lambda: answered(vera, "commits_count", team_ids=("red",)),
        lambda: measure(vera, ["commits_count"], replace(WEEK, team_ids=("red",)), ["day"]),
        lambda: explain(vera, "commits_count", WEEK, {"team": "red"}),
    ):
        with pytest.raises(NotAllowed, match="one member"):
            ask()
    shown = {value.group[0] for value in measure(vera, ["commits_count"], WEEK, ["team"]).values}
    assert shown == {"blue"}
    assert answered(vera, "commits_count", team_ids=("red", "blue")).value == 3
    assert answered(hidden(ctx, person_id="ann"), "commits_count", team_ids=("red",)).value == 1
    assert answered(hidden(ctx, "manager"), "commits_count", team_ids=("red",)).value == 1


def test_ones_own_numbers_are_always_ones_own(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.person("bob")
    history.commit("ann", "2026-03-03 09:00")
    history.commit("bob", "2026-03-03 09:00")
    ctx = hidden(history.ingest(), person_id="ann")

    own = replace(WEEK, person_ids=("ann",))
    assert measure(ctx, ["commits_count"], own, ["person"]).get("commits_count", "ann").value == 1
    assert len(evidence(ctx, "commits_count", own).rows) == 1
    with pytest.raises(NotAllowed):
        measure(ctx, ["commits_count"], replace(WEEK, person_ids=("ann", "bob")), ["person"])


def test_a_kept_answer_is_not_shown_to_those_who_may_not_see_it(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()
    assert measure(ctx, ["commits_count"], WEEK, ["person"]).values

    with pytest.raises(NotAllowed):
        measure(hidden(ctx), ["commits_count"], WEEK, ["person"])


def test_answers_are_kept_until_the_data_change(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()
    first = measure(ctx, ["commits_count"], WEEK)
    assert measure(ctx, ["commits_count"], WEEK) is first

    more = History(ctx, repos=dict(history.repos))
    more.commit("ann", "2026-03-04 09:00")
    ctx = more.ingest()

    assert answered(ctx, "commits_count").value == 2


def test_a_statement_holds_no_value_of_a_person(ctx: Context, acting: Callable[[str], Context]) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()
    tricky = "x') OR 1=1 --"

    answer = measure(ctx, ["commits_count"], replace(WEEK, person_ids=(tricky,), repo_ids=(), team_ids=(tricky,)))

    assert answer.get("commits_count").state is State.NO_DATA
    assert all(tricky not in origin.query for origin in answer.provenance)


def test_a_period_given_in_another_zone_is_the_same_instant(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()
    instant = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)

    exact = Scope(Period(instant, instant.replace(second=1)))
    assert answered(ctx, "commits_count", exact).value == 1
    assert answered(ctx, "commits_count", Scope(Period(instant.replace(hour=8), instant))).value is None

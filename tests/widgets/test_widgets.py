"""Widgets: finished figures, honest gaps, clear refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core.access import insights
from core.base.errors import BadInput, NotFound
from core.base.period import between
from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.context import ROLES, Actor, Context
from core.documents.wording import cell_text
from core.figures import Figure, Series, Stat, State, Table, Unit, number_text
from core.people import service as people
from core.people.service import Seen
from core.widgets import BUILT_IN, WIDGETS
from core.widgets.families.distribution import bin_edges
from core.widgets.finish import column
from tests.catalogue.factories import History, fresh

FEBRUARY = Scope(between(date(2026, 2, 1), date(2026, 2, 28)), between(date(2026, 1, 4), date(2026, 1, 31)))
SETTINGS: dict[str, dict[str, Any]] = {
    "metric.stat": {"metric": "commits_count"},
    "metric.trend": {"metric": "commits_count"},
    "metric.breakdown": {"metric": "commits_count", "by": "person"},
    "metric.table": {"metrics": ["commits_count", "late_night_commit_ratio"]},
    "metric.summary": {"metrics": ["commits_count", "deployment_frequency"]},
    "metric.distribution": {"metric": "commits_count"},
    "activity.hours": {},
    "activity.calendar": {},
    "changes.top": {},
    "person.standing": {"metrics": ["commits_count", "avg_commit_size"]},
    "person.trend": {"metric": "commits_count"},
    "compare.table": {"metrics": ["commits_count"], "of": "period"},
    "compare.lines": {"metric": "commits_count", "of": "person"},
    "pulls.phases": {},
    "pulls.flow": {},
    "pulls.open": {},
    "reviews.pairs": {},
    "reviews.load": {},
    "compare.single": {"metric": "commits_count", "of": "period", "subject": "now"},
    "data.freshness": {},
    "data.completeness": {},
    "data.lag": {},
    "data.snapshots": {},
    "workload.fairness": {},
    "workload.shares": {},
    "people.leaderboard": {"metric": "commits_count"},
    "workspace.attention": {},
    "collaboration.network": {},
    "skills.heatmap": {},
    "code.hotspots": {},
    "code.hotspot_map": {},
    "code.owners": {},
    "code.mix": {},
    "code.mix_bars": {},
    "code.rework": {},
    "productivity.trend": {},
    "zones.hours": {},
    "zones.overlap": {},
    "zones.list": {},
    "anomalies": {},
    "anomalies.history": {},
}


@pytest.fixture
def acme(ctx: Context) -> Context:
    """Ann and Bob commit on some days of January and February; nothing but commits is collected."""
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob")])
    history = History(ctx)
    for day in range(5, 30):
        history.commit("ann", f"2026-01-{day:02} 09:00")
    for day in (3, 4, 17):
        history.commit("ann", f"2026-02-{day:02} 10:30")
        history.commit("bob", f"2026-02-{day:02} 23:30", repo="lib")
    ctx = history.ingest(feeds=False)
    for repo in ("app", "lib"):
        history.feed("commits", "commit_files", repo=repo)
    return replace(ctx, workspace=replace(ctx.workspace, data_version=ctx.workspace.data_version + 1))


def scope_of(ctx: Context, *names: str) -> Scope:
    return replace(FEBRUARY, person_ids=tuple(people.person(ctx, f"{name}@example.com").id for name in names))


def built(ctx: Context, key: str, scope: Scope = FEBRUARY, **given: Any) -> Any:
    widget = WIDGETS.get(key)
    return widget.build(ctx, scope, widget.accept(SETTINGS[key] | given))


@pytest.mark.parametrize("widget", BUILT_IN, ids=lambda widget: widget.key)
def test_every_widget_finishes_its_figure_and_says_where_it_comes_from(acme: Context, widget: Any) -> None:
    people_of = ("ann", "bob") if widget.key in ("compare.lines", "people.leaderboard") else ("ann",)
    insights.change(acme, {"leaderboards": True, "least_group": 2, "zone_map": True})

    figure: Figure = built(acme, widget.key, scope_of(acme, *people_of))

    assert figure.shape == widget.shape
    assert figure.title
    asked = not widget.key.startswith("data.") and getattr(figure, "state", None) is not State.NOT_COLLECTED
    assert {one.block for one in figure.provenance} == ({widget.key} if asked else set())
    assert type(figure).model_validate_json(figure.model_dump_json()) == figure


@pytest.fixture
def flowing(ctx: Context) -> Context:
    """1 took 1 h of coding, none of draft, 2 h of pickup, 3 h of review and 4 h to the merge; 2 and 3 are open."""
    history = History(ctx)
    history.pr("ann", 1, first_commit="2026-02-09 08:00", opened="2026-02-09 09:00", merged="2026-02-09 18:00")
    history.review("bob", 1, "2026-02-09 11:00", state="commented")
    history.review("bob", 1, "2026-02-09 14:00", state="approved")
    history.pr("ann", 2, opened="2026-02-02 09:00")
    history.pr("bob", 3, opened="2026-02-01 09:00")
    history.review("ann", 3, "2026-02-27 09:00", state="changes_requested")
    return history.ingest()


def test_phases_stand_on_each_other_and_make_the_whole_way(flowing: Context) -> None:
    chart: Series = built(flowing, "pulls.phases")

    week = chart.lines[0].x.index(date(2026, 2, 9))
    assert {line.name: line.y[week] for line in chart.lines} == {
        "Coding": 1, "Draft": 0, "Pickup": 2, "Review": 3, "Merge wait": 4,
    }  # fmt: skip
    assert chart.note.startswith("10.0 h in the mean over 1 merged pull requests")


def test_what_is_opened_stands_beside_what_is_merged(flowing: Context) -> None:
    chart: Series = built(flowing, "pulls.flow")

    opened, merged = ({day: y for day, y in zip(line.x, line.y, strict=True) if y} for line in chart.lines)
    assert opened == {date(2026, 1, 26): 1, date(2026, 2, 2): 1, date(2026, 2, 9): 1}
    assert merged == {date(2026, 2, 9): 1}


def test_open_pull_requests_begin_with_the_one_that_nobody_touched_for_longest(flowing: Context) -> None:
    table: Table = built(flowing, "pulls.open")

    place = [column.key for column in table.cols].index
    assert [(row[place("number")], row[place("waits_for")]) for row in table.rows] == [
        (2, "first review"), (3, "author: changes requested"),
    ]  # fmt: skip


def test_a_number_carries_its_change_history_and_explanation(acme: Context) -> None:
    stat: Stat = built(acme, "metric.stat")

    assert (stat.value, stat.text, stat.n) == (6, "6", 6)
    assert stat.change and stat.change.text == "−76 %" and stat.change.good is False
    assert stat.change.versus == "vs 25 in 4 Jan – 31 Jan"
    assert len(stat.spark) == len(stat.spark_labels) == 12
    assert None in stat.spark
    assert stat.explain and stat.explain.metric == "commits_count"


def test_a_share_shows_the_running_week_in_its_history_and_a_count_does_not(ctx: Context) -> None:
    history = History(ctx)
    history.deploy("2026-02-01 09:00")
    for number, day in enumerate(("03", "10", "17", "24", "25"), 1):
        history.pr("ann", number, opened=f"2026-02-{day} 09:00", merged=f"2026-02-{day} 10:00")
    for day in ("04", "11", "18"):
        history.deploy(f"2026-02-{day} 09:00")
    ctx = history.ingest()
    to_wednesday = Scope(between(date(2026, 2, 2), date(2026, 2, 25)))

    share: Stat = built(ctx, "metric.stat", to_wednesday, metric="lead_time_unmatched_ratio")
    count: Stat = built(ctx, "metric.stat", to_wednesday, metric="prs_merged")
    weekends: Stat = built(ctx, "metric.stat", to_wednesday, metric="weekend_commit_ratio")

    assert share.value == 2 / 5
    assert share.spark[-4:] == [0, 0, 0, 1] and share.spark_labels[-1] == "2026-02-23"
    assert count.spark[-3:] == [1, 1, 1] and count.spark_labels[-1] == "2026-02-16"
    assert weekends.spark_labels[-1] == "2026-02-16", "this week's weekend is still to come"
    assert len(share.spark) == len(count.spark) == 12


def test_what_nobody_collects_says_so_and_is_no_zero(acme: Context) -> None:
    stat: Stat = built(acme, "metric.stat", metric="avg_pr_cycle_time_hours")

    assert stat.state is State.NOT_COLLECTED
    assert stat.value is None and stat.text == "–"
    assert "Connect" in stat.state_text
    days = replace(FEBRUARY, period=between(date(2026, 2, 1), date(2026, 2, 26)))
    trends = [built(acme, "metric.trend", days, metric=key) for key in ("commits_count", "avg_pr_cycle_time_hours")]
    assert [one.note for one in trends] == ["The last week goes on beyond this period.", ""]


def test_days_without_work_are_gaps_in_a_trend(acme: Context) -> None:
    series: Series = built(acme, "metric.trend", grain="day", compare=False)

    by_day = dict(zip(series.lines[0].x, series.lines[0].y, strict=True))
    assert by_day[date(2026, 2, 3)] == 2
    assert by_day[date(2026, 2, 5)] is None
    assert len(by_day) == 28


def test_the_comparison_lies_under_the_same_dates(acme: Context) -> None:
    series: Series = built(acme, "metric.trend", grain="week")

    now, before = series.lines
    assert now.x == before.x
    assert before.dashed and len(before.y) == len(now.y)
    assert sum(y or 0 for y in before.y) == 25


def test_the_days_behind_few_weeks_tell_how_they_go(ctx: Context) -> None:
    history = History(ctx)
    for place in range(34):  # Monday 26 January to Saturday 28 February: 1 commit a day, then 2, 3, 4 and 5
        for minute in range(place // 7 + 1):
            history.commit("ann", f"{date(2026, 1, 26) + timedelta(days=place)} 09:{minute:02}")
    ctx = history.ingest()

    series: Series = built(ctx, "metric.trend")
    long: Series = built(ctx, "metric.trend", Scope(between(date(2026, 1, 5), date(2026, 3, 1))))
    count: Stat = built(ctx, "metric.stat")

    assert series.lines[0].y == [7, 14, 21, 28, 30]
    assert (series.course, series.partial) == ("up", [date(2026, 2, 23)])
    assert long.course is None, "eight weeks speak for themselves"
    assert count.spark_partial == []
    assert built(ctx, "metric.trend", metric="unique_collaborators").course is None, "no day says what a week does"


def test_what_is_not_over_or_not_read_to_its_end_is_only_a_part(ctx: Context) -> None:
    history = History(ctx)  # the clock stands at Wednesday, 11 March
    for day in ("09", "10", "11"):
        history.commit("ann", f"2026-03-{day} 09:00")
    ctx = history.ingest()
    this_week = Scope(between(date(2026, 3, 9), date(2026, 3, 15)))

    days: Series = built(ctx, "metric.trend", this_week, grain="day")
    weeks: Series = built(ctx, "metric.trend", this_week, grain="week")
    share: Stat = built(ctx, "metric.stat", this_week, metric="late_night_commit_ratio")
    history.feed(until="2026-03-10 12:00")
    late: Series = built(fresh(ctx), "metric.trend", Scope(between(date(2026, 3, 9), date(2026, 3, 10))), grain="day")

    assert days.partial == [date(2026, 3, day) for day in range(11, 16)]
    assert weeks.partial == [date(2026, 3, 9)]
    assert share.spark_partial == ["2026-03-09"] == share.spark_labels[-1:]
    assert late.partial == [date(2026, 3, 10)]


def test_hours_of_the_week_are_local_and_complete(acme: Context) -> None:
    series: Series = built(acme, "activity.hours")

    tuesday = next(line for line in series.lines if line.name == "Tuesday")
    assert len(series.lines) == 7 and all(len(line.y) == 24 for line in series.lines)
    assert tuesday.y[10] == 2 and tuesday.y[23] == 2 and tuesday.y[5] == 0


def test_a_calendar_shows_half_a_year_at_least(acme: Context) -> None:
    series: Series = built(acme, "activity.calendar")

    tuesday = next(line for line in series.lines if line.name == "Tuesday")
    assert len(tuesday.x) == 26
    assert dict(zip(tuesday.x, tuesday.y, strict=True))["2 Feb"] == 2


def test_an_average_of_what_is_counted_is_no_whole_number(acme: Context) -> None:
    keys = ["commits_count", "lines_added", "unique_collaborators", "avg_commit_size", "avg_review_depth"]

    columns = [column(key) for key in keys]

    assert [one.kind for one in columns] == ["integer", "integer", "integer", "decimal", "decimal"]
    assert [cell_text(one, 13.25) for one in columns[3:]] == ["13.2", "13.2"]
    assert number_text(13.25, METRICS.get("avg_commit_size").unit) == "13.2"


def test_a_table_keeps_numbers_typed_and_missing_ones_empty(acme: Context) -> None:
    table: Table = built(acme, "metric.table", metrics=["commits_count", "late_night_commit_ratio", "prs_merged"])

    assert [column.kind for column in table.cols] == ["text", "integer", "percent", "integer"]
    assert [row[0] for row in table.rows] == ["Ann", "Bob"]
    assert [row[1:] for row in table.rows] == [[3, 0.0, None], [3, 1.0, None]]
    assert table.note == "Not collected: Pull requests merged."


def test_a_table_names_only_those_that_lack_a_metric(ctx: Context) -> None:
    history = History(ctx)
    for repo in ("app", "lib"):
        history.commit("ann", "2026-02-03 10:30", repo=repo)
        history.feed("commits", repo=repo)
    history.feed("pull_requests", "deployments", "incidents", repo="app")
    ctx = history.ingest(feeds=False)

    by_repo: Table = built(ctx, "metric.table", metrics=["commits_count", "prs_merged"], by="repo")
    by_person: Table = built(ctx, "metric.table", metrics=["commits_count", "deployment_frequency"])

    assert [row[:2] for row in by_repo.rows] == [["app", 1], ["lib", 1]]
    assert by_repo.note == "Not collected for lib: Pull requests merged."
    assert by_person.note == "Not known by person: Deployment frequency."


def test_a_quiet_period_is_not_taken_for_a_missing_source(acme: Context) -> None:
    march = Scope(between(date(2026, 3, 1), date(2026, 3, 31)))

    series: Series = built(acme, "metric.breakdown", march, metric="commits_count", by="repo")

    assert series.state is State.NO_DATA


def test_changes_are_worded_and_thin_ones_left_out(acme: Context) -> None:
    table: Table = built(acme, "changes.top", metrics=["commits_count", "late_night_commit_ratio", "net_lines"])

    now, before, change = table.rows[0][1:4]
    assert [str(cell) for cell in table.rows[0]] == ["Commits", "6", "25", "−76 %", "Worse"]
    assert (now.value, before.value, change.value) == (6, 25, -0.76)
    assert (now.unit, change.unit, change.signed) == (Unit.COUNT, Unit.RATIO, True)
    assert "Late-night commits" not in [row[0] for row in table.rows]


def test_side_by_side_a_missing_number_is_empty_and_its_row_says_whose_it_is(ctx: Context) -> None:
    history = History(ctx)
    for name in ("ann", "bob"):
        history.person(name)
    history.commit("ann", "2026-02-03 10:30")
    ctx = history.ingest()
    scope = replace(FEBRUARY, person_ids=("ann", "bob"))

    table: Table = built(ctx, "compare.table", scope, metrics=["commits_count", "avg_commit_size"], of="person")

    assert [column.kind for column in table.cols] == ["text", "quantity", "quantity", "text"]
    ann, bob, remark = table.rows[0][1:]
    assert (ann.value, ann.text) == (1, "1")
    assert (bob.value, bob.text, bob.state) == (None, "–", State.NO_DATA)
    assert remark == "No data: bob."


def test_a_list_says_where_there_is_nothing_to_compare_with(acme: Context) -> None:
    scope = Scope(FEBRUARY.period, between(date(2025, 12, 1), date(2025, 12, 28)))

    table: Table = built(acme, "metric.summary", scope, metrics=["commits_count", "avg_commit_size"])

    assert [str(cell) for cell in table.rows[0]] == ["Commits", "6", "–", "None", "None", "Before: no data."]


def test_without_a_comparison_changes_ask_for_one(acme: Context) -> None:
    table: Table = built(acme, "changes.top", replace(FEBRUARY, compare=None))

    assert table.state is State.UNSUPPORTED
    assert "Choose a comparison" in table.state_text


def test_a_spread_marks_the_person_and_tells_their_place(acme: Context) -> None:
    series: Series = built(acme, "metric.distribution", scope_of(acme, "ann"))

    assert [line.name for line in series.lines] == ["People", "Ann"]
    assert sum(series.lines[0].y) + sum(series.lines[1].y) == 2  # type: ignore[arg-type]  # no gaps in counts
    assert series.note == "Ann: 3, more than 0 of the 1 others."


@pytest.mark.parametrize(
    ("numbers", "whole"), [([], True), ([0, 0], True), ([3], False), ([1, 2, 50], True), ([0.1, 0.35], False)]
)
def test_bins_hold_every_number(numbers: list[float], whole: bool) -> None:
    edges = bin_edges(numbers, 8, whole=whole)

    assert edges == sorted(edges) and len(edges) >= 2
    assert all(edges[0] <= number <= edges[-1] for number in numbers)


@pytest.mark.parametrize(
    ("key", "given", "error", "sentence"),
    [
        ("metric.stat", {"metric": "commit_count"}, BadInput, "Did you mean 'commits_count'"),
        ("metric.stat", {"metrc": "commits_count"}, BadInput, "there is no setting named 'metrc'"),
        ("metric.stat", {"person": "an@example.com"}, NotFound, "Did you mean"),
        ("metric.stat", {"team": "Blue"}, NotFound, "no team named 'Blue'"),
        ("metric.table", {"metrics": []}, BadInput, "metrics"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(
    acme: Context, key: str, given: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        built(acme, key, **given)


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(BadInput, match="'metric' is missing"):
        WIDGETS.get("metric.stat").accept({})


def test_where_individuals_are_hidden_a_person_stands_beside_nobody(acme: Context) -> None:
    scope = scope_of(acme, "ann")
    hidden = replace(acme, workspace=replace(acme.workspace, individuals="managers"))
    viewer = hidden.as_actor(Actor("u", "Ann", "viewer", ROLES["viewer"], person_id=scope.person_ids[0]))

    table: Table = built(viewer, "person.standing", scope)
    series: Series = built(viewer, "person.trend", scope)

    assert [column.label for column in table.cols] == ["Metric", "Now", "Before", "Change", "Verdict"]
    assert "does not show others' numbers" in table.note
    assert [line.name for line in series.lines] == ["Ann"]


def test_a_delivery_number_names_its_dora_band_and_whose_year_it_is() -> None:
    from core.widgets.families.stat import _band

    assert _band("lead_time_hours", 12.0, 2024) == "DORA 2024: elite"
    assert _band("lead_time_hours", 12.0, 2021) == "DORA 2021: high"
    assert _band("commits_count", 12.0, 2024) == ""
    assert _band("lead_time_hours", None, 2024) == ""

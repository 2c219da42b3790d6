"""Where and when people work, over a small team whose hours are worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.access import insights
from core.analysis import places, zones
from core.base.errors import NotAllowed
from core.bootstrap import House
from core.context import Context
from core.figures import State
from core.people import service as people
from core.people.views import Seen
from core.widgets import WIDGETS
from tests.catalogue.factories import WEEK, History, fresh
from tests.pages import entered

NAMES = ("ann", "bob", "cid", "dan", "eve", "fay")


@pytest.fixture
def acme(ctx: Context) -> Context:
    """Ann and Bob work 9 to 17 in Berlin (UTC+1), Cid and Dan 9 to 17 in New York (UTC−4 on 8 March 2026); Eve's
    commits carry +05:30 and she set no working time; Fay is active by a review alone."""
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in NAMES])
    ids = {one.name.lower(): one.id for one in people.people(ctx)}
    for name, zone in (("ann", "Europe/Berlin"), ("bob", "Europe/Berlin"), ("cid", "America/New_York"),
                       ("dan", "America/New_York")):  # fmt: skip
        people.set_schedule(
            ctx, ids[name], working_weekdays=(1, 2, 3, 4, 5), start_minute=540, end_minute=1020, time_zone=zone
        )
    history = History(ctx)
    for name in ("ann", "bob", "cid", "dan"):
        history.commit(name, "2026-03-03 14:10", offset=60)
    history.commit("eve", "2026-03-03 04:00", offset=330)
    history.commit("eve", "2026-03-04 04:00", offset=330)
    history.commit("eve", "2026-03-05 04:00", offset=0)
    history.pr("ann", 1, opened="2026-03-03 09:00")
    history.review("fay", 1, "2026-03-03 10:00")
    ctx = history.ingest()
    insights.change(ctx, {"zone_map": True, "least_group": 2})
    return replace(fresh(ctx), workspace=replace(fresh(ctx).workspace, least_group=2))


def test_it_is_off_until_the_workspace_wants_it(ctx: Context) -> None:
    with pytest.raises(NotAllowed, match="is off"):
        zones.zones(ctx, WEEK)


def test_zones_from_west_to_east_and_few_people_together(acme: Context) -> None:
    found = zones.zones(acme, WEEK)

    assert [(zone.name, zone.people, zone.offset_minutes) for zone in found.zones[:2]] == [
        ("America/New_York", 2, -240), ("Europe/Berlin", 2, 60),
    ]  # fmt: skip
    assert (found.zones[2].name, found.zones[2].people, found.zones[2].point) == (zones.REST, 2, None)
    assert found.zones[2].commits[4] == 3
    assert found.zones[1].commits[14] == 2


def test_hours_that_two_zones_share(acme: Context) -> None:
    york, berlin = zones.zones(acme, WEEK).apart

    # Berlin is at work from 8:00 to 16:00 UTC, New York from 13:00 to 21:00.
    assert [quarter for quarter, share in enumerate(berlin.at_work) if share] == list(range(32, 64))
    assert york.overlap_hours(berlin) == berlin.overlap_hours(york) == 3.0
    assert york.hours_from(berlin) == 5 and replace(york, offset_minutes=-600).hours_from(berlin) == 11
    assert replace(york, offset_minutes=-600).hours_from(replace(berlin, offset_minutes=600)) == 4
    table = zones.overlap_table(zones.zones(acme, WEEK))
    assert table.rows == [["America/New_York", "Europe/Berlin", 5.0, 3.0]]


def test_whoever_set_no_working_time_is_where_their_commits_are_made(acme: Context) -> None:
    lone = replace(acme, workspace=replace(acme.workspace, least_group=1, data_version=77))

    names = {zone.name: zone.point for zone in zones.zones(lone, WEEK).zones}
    assert names == {
        "America/New_York": (-74.01, 40.71), "UTC": None, "Europe/Berlin": (13.37, 52.5), "UTC+05:30": (82.5, 0.0),
    }  # fmt: skip


def test_too_few_elsewhere_are_not_shown_even_together(acme: Context) -> None:
    strict = replace(acme, workspace=replace(acme.workspace, least_group=3, data_version=78))
    found = zones.zones(strict, WEEK)
    assert [(zone.name, zone.people) for zone in found.zones] == [(zones.REST, 6)]
    alone = replace(acme, workspace=replace(acme.workspace, least_group=7, data_version=79))
    assert (zones.zones(alone, WEEK).zones, zones.zones(alone, WEEK).unshown) == ((), 6)


def test_a_link_is_its_zone_and_utc_is_nowhere() -> None:
    assert places.point("Asia/Calcutta") == places.point("Asia/Kolkata") is not None
    assert places.point("UTC") is None
    assert len(places.land()) > 100


def test_night_shifts_lie_around_midnight() -> None:
    from datetime import UTC, date

    night = zones._Person("UTC", UTC, 1320, 1800, {})
    assert sorted(zones._quarters(night, date(2026, 3, 8))) == [*range(24), *range(88, 96)]


def test_blocks_say_the_same_and_no_name(acme: Context) -> None:
    hours, overlap = WIDGETS.get("zones.hours"), WIDGETS.get("zones.overlap")
    chart = hours.build(acme, WEEK, hours.accept({}))

    assert [line.name for line in chart.lines] == [  # type: ignore[union-attr]
        "America/New_York (2)", "Europe/Berlin (2)", f"{zones.REST} (2)",
    ]  # fmt: skip
    assert chart.lines[1].y[8:16] == [1.0] * 8  # type: ignore[union-attr]
    assert overlap.build(acme, WEEK, overlap.accept({})).state is State.MEASURED  # type: ignore[union-attr]


def test_the_page_is_closed_until_it_is_wanted(house: House, acme: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    page = entered(house, acme, monkeypatch, "analytics/zones")
    page.query_params["period"] = "2026-03-02..2026-03-08"
    page.run()
    assert not page.exception and page.get("deck_gl_json_chart")
    insights.change(acme, {"zone_map": False})
    page.run()
    assert "is off" in page.info[0].value and not page.get("deck_gl_json_chart")

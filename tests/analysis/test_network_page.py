"""The page Collaboration without a browser: its tables say all that the drawing shows."""

from __future__ import annotations

import pytest

from core.bootstrap import House
from core.context import Context
from core.people import service as people
from core.people.views import Seen
from core.reports.build import build
from core.reports.plan import PlanSection, ReportPlan, WidgetBlock, Window
from core.widgets import WIDGETS
from tests.catalogue.factories import WEEK, History
from tests.pages import entered


@pytest.fixture
def acme(ctx: Context) -> Context:
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob", "cid")])
    history = History(ctx)
    history.pr("ann", 1, opened="2026-03-02 09:00", merged="2026-03-04 09:00")
    history.review("bob", 1, "2026-03-03 09:00")
    history.commit("cid", "2026-03-03 09:00")
    return history.ingest()


def test_a_person_is_picked_by_name_or_by_address(house: House, acme: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = {one.name: one.id for one in people.people(acme)}
    page = entered(house, acme, monkeypatch, "analytics/network")
    page.query_params["period"] = "2026-03-02..2026-03-08"
    page.query_params["who"] = ids["Bob"]

    page.run()

    assert not page.exception
    assert page.subheader[-1].value == "Bob"
    assert [one.label for one in page.tabs] == ["People", "Ties (1)", "Isolated (1)"]
    assert [one.value for one in page.metric if one.label == "Works with"] == ["1"]
    page.selectbox(key="network_who").select(ids["Ann"]).run()
    assert page.subheader[-1].value == "Ann"


def test_whoever_may_not_see_individuals_is_told(house: House, acme: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.access import workspaces

    workspaces.change(acme, name="Acme", time_zone="UTC", individuals="self")
    page = entered(house, acme, monkeypatch, "analytics/network")
    page.query_params["period"] = "2026-03-02..2026-03-08"

    page.run()

    assert "does not show you the individuals" in page.info[-1].value
    assert not page.get("deck_gl_json_chart")


def test_the_widget_draws_the_most_connected(acme: Context) -> None:
    widget = WIDGETS.get("collaboration.network")

    figure = widget.build(acme, WEEK, widget.accept({}))

    assert {node.label for node in figure.nodes} == {"Ann", "Bob"}  # type: ignore[union-attr]
    assert "1 more were active" in figure.note
    assert figure.provenance


def test_a_report_keeps_blocks_that_name_people_from_those_who_may_not_see_them(acme: Context) -> None:
    blocks = (
        WidgetBlock(widget="collaboration.network"), WidgetBlock(widget="skills.heatmap"),
        WidgetBlock(widget="skills.heatmap", params={"by": "team"}), WidgetBlock(widget="productivity.trend"),
    )  # fmt: skip
    window = Window(range="2026-03-02..2026-03-08")
    plan = ReportPlan(title="Together", window=window, sections=(PlanSection(blocks=blocks),))

    built = build(acme, plan, acme.clock())

    named = [figure.key in built.individual for figure in built.document.figures()]
    assert named == [True, True, False, False]

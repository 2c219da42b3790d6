"""Blocks with days, filters and words of their own, and the list of what is wrong with a plan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from core.catalogue.models import Feed
from core.context import Context
from core.figures import Figure, Notice, Prose, Series, Stat
from core.people import service as people
from core.reports.build import build
from core.reports.editing import Place
from core.reports.plan import ReportPlan, read_plan
from core.reports.problems import Problem, problems
from core.reports.references import checked_plan
from tests.catalogue.factories import fresh
from tests.reports.conftest import World

DORA = ("deployment_frequency", "lead_time_hours", "change_failure_rate", "deployments_count")
MARCH = "2026-03-01..2026-03-09"
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)


def stat(metric: str = "commits_count", **own: Any) -> dict[str, Any]:
    return {"widget": "metric.stat", "params": {"metric": metric, "spark": False}, **own}


def words(text: str) -> dict[str, Any]:
    return {"kind": "prose", "markdown": text}


def a_plan(*blocks: dict[str, Any], **more: Any) -> ReportPlan:
    window = {"range": MARCH, "compare": "none"}
    return read_plan({"title": "Weekly", "window": window, "sections": [{"blocks": list(blocks)}], **more})


def numbers(figures: Any) -> list[Any]:
    return [figure.value for figure in figures if isinstance(figure, Stat)]


def test_a_block_has_days_filters_comparison_and_words_of_its_own(world: World) -> None:
    atlas, site = world.teams["Atlas"], world.repos["site"]
    plan = a_plan(
        stat(),
        stat(scope={"teams": [atlas]}),
        stat(range="2026-02-11..2026-02-19"),
        stat(range="2026-02-11..2026-02-19", scope={"repos": [site]}, title="Ours", description="Of the site"),
        stat(compare="previous", range="2026-03-01..2026-03-10"),
    )

    built = build(world.ctx, checked_plan(world.ctx, plan), NOW)

    figures = list(built.document.figures())
    # Nine commits each of Ann (app) and Cem (site) from 1 to 9 March, nine of Bob (site) from 11 to 19 February.
    assert numbers(figures) == [18, 9, 9, 9, 18]
    assert (figures[3].title, figures[3].description, figures[0].title) == ("Ours", "Of the site", "Commits")
    last, first = figures[4], figures[0]
    assert isinstance(last, Stat) and isinstance(first, Stat)
    assert last.change and not first.change
    assert not built.failures


def test_a_figure_that_is_held_is_not_asked_again_and_a_new_title_is_no_new_question(world: World) -> None:
    held: dict[str, Figure] = {}
    first = build(world.ctx, a_plan(stat(), stat("prs_merged")), NOW, held=held)
    assert len(held) == 2

    held.update({key: figure.model_copy(update={"note": "held"}) for key, figure in held.items()})
    again = build(world.ctx, a_plan(stat(title="New", columns=2), stat(range="last_7_days")), NOW, held=held)

    notes = [figure.note for figure in again.document.figures() if isinstance(figure, Stat)]
    assert notes == ["held", ""]
    assert next(again.document.figures()).title == "New"
    assert len(held) == 3
    assert numbers(first.document.figures())[0] == numbers(again.document.figures())[0]


def test_words_say_what_the_report_is_about(world: World) -> None:
    text = "**{{ title }}** of {{ workspace }}, {{ period }}: {{ scope }}{% if comparison %} vs{% endif %}"
    plan = a_plan(words(text), scope={"teams": [world.teams["Atlas"]], "names": {world.teams["Atlas"]: "At*las"}})

    (figure,) = build(world.ctx, plan, NOW).document.figures()

    assert isinstance(figure, Prose)
    assert figure.markdown == f"**Weekly** of {world.ctx.workspace.name}, 1 Mar 2026 – 9 Mar 2026: Team: At\\*las"


def test_a_variable_that_is_not_there_is_told_in_its_place(world: World) -> None:
    plan = a_plan(words("Of {{ perod }}"), words("{{ ''.__class__ }}"), words("{% for x in range(9) %}a{% endfor %}"))

    built = build(world.ctx, plan, NOW)

    notices = [figure for figure in built.document.figures() if isinstance(figure, Notice)]
    assert "There is no variable named 'perod'. Did you mean 'period'?" in notices[0].text
    assert len(notices) == len(built.failures) == 3


def without_deployments(ctx: Context) -> Context:
    """The workspace as one whose sources tell of no deployment."""
    with ctx.app.session() as session:
        session.execute(sa.delete(Feed).where(Feed.fact == "deployments"))
    return fresh(ctx)


def said(found: list[Problem], block: int) -> str:
    return " ".join(f"{one.text} {one.advice}" for one in found if one.place == Place(0, block))


def test_each_wrong_block_is_named_with_what_to_do(world: World) -> None:
    plan = a_plan(
        stat(),
        {"widget": "metric.stats", "params": {}},
        stat("commit_count"),
        stat("deployment_frequency"),
        {"widget": "metric.table", "params": {"metrics": ["commits_count"], "limit": "many"}},
        {"widget": "metric.stat", "params": {"metric": "commits_count", "team": "Atlass"}},
        stat(scope={"people": ["nobody"], "names": {"nobody": "Zoe"}}),
        stat(scope={"people": [world.persons["dot"]]}),
        words("{{ perod }}"),
        stat(range="last_forever"),
        stat(columns=7),
        {"kind": "view", "id": "x", "view": "plot", "args": {"datasource": "db", "query": "SELECT 1"}},
        words("Of {{ period }}"),
        {"kind": "page_break"},
        {"widget": "metric.summary", "params": {"metrics": ["commits_count", *DORA]}},
    )

    found = problems(without_deployments(world.ctx), plan)

    assert [said(found, fine) for fine in (0, 12, 13)] == ["", "", ""]
    assert "There is no widget named 'metric.stats'. Did you mean 'metric.stat'?" in said(found, 1)
    assert said(found, 2).startswith("There is no metric named 'commit_count'. Did you mean 'commits_count'? Correct")
    assert "'Deployment frequency' has no source." in said(found, 3) and "Connect" in said(found, 3)
    assert said(found, 4).startswith("'limit' must be a whole number, not 'many'.")
    assert "There is no team named 'Atlass'. Did you mean 'Atlas'?" in said(found, 5)
    assert "The person 'Zoe' is no longer there. Take it out" in said(found, 6)
    assert "Its filters leave nothing" in said(found, 7) and "Take a filter away" in said(found, 7)
    assert "There is no variable named 'perod'." in said(found, 8)
    assert "There is no range named 'last_forever'." in said(found, 9)
    assert "wider than the page" in said(found, 10)
    assert "There is no datasource named 'db' in this report." in said(found, 11)
    assert "'Deployment frequency', 'Lead time for changes', 'Change failure rate' and 1 more have no source." in said(
        found, 14
    )
    assert {one.level for one in found if one.place in (Place(0, 3), Place(0, 7))} == {"warning"}


def test_what_is_wrong_with_the_whole_comes_first_and_nothing_is_raised(world: World) -> None:
    people.delete_team(world.ctx, world.teams["Borealis"])
    gone = {"teams": [world.teams["Borealis"]], "names": {world.teams["Borealis"]: "Borealis"}}

    found = problems(world.ctx, a_plan(stat("nothing"), scope=gone, title=" "))
    empty = problems(world.ctx, a_plan(window={"range": "2026-02-30..2026-03-01"}))

    assert [one.part for one in found] == ["words", "scope", "parts"]
    assert found[1].text == "The team 'Borealis' is no longer there."
    assert [one.part for one in empty] == ["parts", "days"]
    assert problems(world.ctx, a_plan(stat(), {"widget": "metric.trend", "params": {"metric": "commits_count"}})) == []


def test_a_trend_of_a_block_follows_its_own_days(world: World) -> None:
    trend = {"widget": "metric.trend", "params": {"metric": "commits_count", "grain": "day"}, "range": "last_2_weeks"}

    (figure,) = build(world.ctx, a_plan(trend), NOW).document.figures()

    assert isinstance(figure, Series)
    # The two whole weeks before Wednesday 11 March: Monday 23 February to Sunday 8 March.
    assert [str(figure.lines[0].x[0])[:10], str(figure.lines[0].x[-1])[:10]] == ["2026-02-23", "2026-03-08"]

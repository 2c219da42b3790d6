"""A board on which nothing happened: which periods are offered instead, and which one a newcomer lands on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.base.period import named
from core.boards import quiet, service
from core.catalogue.scope import Scope
from core.context import Context
from tests.catalogue.factories import History
from tests.conftest import NOW

USUAL = Scope(named("last_30_days", NOW))


def committed(ctx: Context, *days: str) -> Context:
    """The workspace with one commit on each of these days."""
    history = History(ctx)
    for day in days:
        history.commit("ann", f"{day} 09:00")
    return history.ingest()


def offered(ctx: Context, scope: Scope = USUAL) -> list[tuple[str, str]]:
    return [(offer.period, offer.label) for offer in quiet.offers(ctx, scope)]


def test_work_of_today_alone_is_shown_by_the_periods_that_run(ctx: Context) -> None:
    ctx = committed(ctx, "2026-03-11")

    assert offered(ctx) == [("this_week", "This week"), ("this_month", "This month"), ("this_year", "This year")]
    assert quiet.landing(ctx) == "this_month"


def test_work_of_yesterday_is_in_the_usual_period(ctx: Context) -> None:
    assert quiet.landing(committed(ctx, "2026-03-10", "2026-03-11")) == "last_30_days"


def test_work_of_long_ago_is_shown_by_the_days_up_to_it(ctx: Context) -> None:
    ctx = committed(ctx, "2023-01-02", "2024-10-01", "2024-12-31")

    assert offered(ctx) == [("2024-10-03..2024-12-31", "3 Oct 2024 – 31 Dec 2024")]
    assert quiet.landing(ctx) == "2024-10-03..2024-12-31"


def test_a_short_history_of_some_weeks_ago_is_shown_within_a_month(ctx: Context) -> None:
    ctx = committed(ctx, "2026-01-08", "2026-01-10")

    assert offered(ctx) == [
        ("2025-12-12..2026-01-10", "12 Dec 2025 – 10 Jan 2026"), ("last_90_days", "Last 90 days"),
    ]  # fmt: skip


def test_offers_keep_to_the_repositories_and_teams_chosen(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-10 09:00", repo="busy")
    history.commit("bob", "2025-12-30 09:00", repo="quiet")
    ctx = history.ingest()

    assert offered(ctx, replace(USUAL, repo_ids=(history.repos["quiet"],)))[1] == ("last_90_days", "Last 90 days")
    assert quiet.landing(ctx) == "last_30_days"


def test_where_nothing_ever_happened_nothing_is_offered(ctx: Context) -> None:
    assert offered(ctx) == []
    assert quiet.landing(ctx) == "last_30_days"


@pytest.mark.parametrize("board", ["overview", "activity", "compare", "team", "developer"])
def test_a_board_is_quiet_only_where_no_figure_tells_anything(ctx: Context, board: str) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-03 09:00")
    history.member("ann", "red")
    ctx = history.ingest()
    about = replace(
        USUAL, person_ids=("ann",) if board == "developer" else (), team_ids=("red",) if board == "compare" else ()
    )
    before = replace(about, period=named("2026-01-01..2026-01-31", NOW))

    def built(scope: Scope) -> bool:
        return quiet.is_quiet(service.build_sections(ctx, service.standard(ctx, board), scope))

    assert not built(about)
    assert built(before)


def test_an_empty_workspace_is_quiet(ctx: Context) -> None:
    assert quiet.is_quiet(service.build_sections(ctx, service.standard(ctx, "overview"), USUAL))

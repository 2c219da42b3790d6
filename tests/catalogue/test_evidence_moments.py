"""The rows behind a number say when they happened."""

from __future__ import annotations

from datetime import UTC, date, datetime

from core.base.period import between
from core.catalogue.scope import Scope
from core.catalogue.service import evidence, evidence_csv
from core.context import Context
from tests.catalogue.factories import History


def test_moments_and_days_behind_a_number_are_dates_in_table_and_csv(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-02 09:30")
    ctx = history.ingest()
    scope = Scope(between(date(2026, 3, 2), date(2026, 3, 8)))

    commits = evidence(ctx, "commits_count", scope)
    days = evidence(ctx, "longest_streak_days", scope)

    assert commits.rows[0][0] == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert days.rows[0][0] == date(2026, 3, 2)
    assert "2026-03-02 09:30:00" in evidence_csv(ctx, "commits_count", scope).decode()

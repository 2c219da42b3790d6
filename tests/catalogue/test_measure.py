"""Questions and their answers: groups, periods, bots, narrowing."""

from __future__ import annotations

from datetime import date

import pytest

from core.base.errors import BadInput, NotFound
from core.base.period import between
from core.catalogue.scope import Scope
from core.catalogue.service import measure
from core.context import Context
from core.figures import State
from tests.catalogue.factories import History

MARCH = Scope(between(date(2026, 3, 1), date(2026, 3, 31)))


def test_commits_are_counted_by_person_without_merges_and_bots(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann", identities=("ann", "ann2"))
    history.person("robot", is_bot=True)
    history.commit("ann", "2026-03-02 09:00")
    history.commit("ann2", "2026-03-03 09:00")
    history.commit("bob", "2026-03-03 10:00")
    history.merge("ann", "2026-03-04 09:00")
    history.commit("robot", "2026-03-04 09:00")
    ctx = history.ingest()

    answer = measure(ctx, ["commits_count"], MARCH, ["person"])

    assert answer.get("commits_count", "ann").value == 2
    assert answer.get("commits_count", "ann").excluded == {"merges": 1}
    assert sorted(v.value for v in answer.values) == [1, 2]
    assert answer.excluded == {"bots": 1, "merges": 1}
    assert answer.get("commits_count", "nobody").state is State.NO_DATA


def test_an_unknown_metric_names_the_nearest(ctx: Context) -> None:
    with pytest.raises(NotFound, match="Did you mean 'commits_count'"):
        measure(ctx, ["commit_count"], MARCH)


def test_an_unknown_grouping_names_the_known_ones(ctx: Context) -> None:
    with pytest.raises(BadInput, match="Use one of person, team"):
        measure(ctx, ["commits_count"], MARCH, ["weeks"])


def test_without_a_feed_a_metric_is_not_collected(ctx: Context) -> None:
    assert measure(ctx, ["commits_count"], MARCH).get("commits_count").state is State.NOT_COLLECTED

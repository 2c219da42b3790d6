"""Lists page by page, on both app stores: nothing twice, nothing left out, also among rows of one moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.access import tokens, workspaces
from core.base.errors import BadInput, Conflict
from core.context import Context
from core.reports import paging
from core.reports import service as reports
from core.stores.app import AppStore
from core.stores.app.paging import Place
from core.stores.metrics import MetricsStore
from tests import fresh
from tests.fresh import NOW


@pytest.fixture
def anywhere(any_app: AppStore, metrics: MetricsStore, home: Path, tmp_path: Path) -> Context:
    house = fresh.house(home, any_app, metrics, tmp_path)
    return house.context(workspaces.create(any_app, name="Acme", now=NOW))


def test_a_cursor_goes_through_all_rows_once(anywhere: Context) -> None:
    made = {reports.create(anywhere, f"Report {number}").id for number in range(7)}
    seen, place = [], Place(limit=3)
    while True:
        page = paging.reports(anywhere, place)
        seen += [one.id for one in page.items]
        if not page.next_cursor:
            break
        place = Place(limit=3, after=page.next_cursor)

    assert page.total == 7 and len(seen) == 7 and set(seen) == made
    assert [one.id for one in paging.reports(anywhere, Place(limit=3, offset=5)).items] == seen[5:]
    for wrong in ("x", "YQ", "MjAyNg", page.next_cursor + "!"):
        with pytest.raises(BadInput, match="cursor is none"):
            paging.reports(anywhere, Place(after=wrong))


def test_two_tokens_of_one_maker_have_two_names(anywhere: Context) -> None:
    tokens.make(anywhere, "ci", ["read"])

    with pytest.raises(Conflict, match="'ci' already"):
        tokens.make(anywhere, "ci", ["read"])

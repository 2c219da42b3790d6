"""The page Code, as a reader meets it."""

from __future__ import annotations

import pytest

from core.access import workspaces
from core.bootstrap import House
from core.catalogue.code import Place
from core.context import Context
from tests.catalogue.factories import History
from tests.catalogue.test_pull_pages import opened, texts


@pytest.fixture
def told(ctx: Context) -> History:
    history = History(ctx)
    for day in ("02", "03"):
        for repo, path in (("app", "src/a.py"), ("app", "src/deep/b.py"), ("web", "c.ts")):
            history.file("ann", f"2026-03-{day} 09:00", path, repo=repo, additions=10, language="Python")
            history.tree(path, repo=repo, lines=20, complexity=30)
    history.line("ann", "2026-03-03 09:00", "src/a.py", lines=5, previous="bob", written="2026-03-02 09:00")
    return history


def test_the_address_names_a_place_and_the_page_leads_into_it_and_out_again(
    house: House, told: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = told.ingest()
    app = told.repos["app"]

    page = opened(house, ctx, monkeypatch, "code", **{"in": "app", "path": "src"})

    into = next(box for box in page.selectbox if box.key == f"code_into_{app}_src")
    assert into.options == ["a.py", "deep/"]
    assert [button.label for button in page.button if (button.key or "").startswith("code_up_")] == [
        "All repositories", "/ app", "/ src",
    ]  # fmt: skip
    assert "Who owns the code\\: src" in texts(page)
    numbers = {metric.label: metric.value for metric in page.metric}
    assert (numbers["Code churn"], numbers["Code rework"], numbers["Bus factor"]) == ("40", "100 %", "1")
    assert numbers["Lines reworked"] == "5"

    into.select(Place(app, "src/deep")).run()
    assert page.query_params["path"] == "src/deep" and not page.exception
    assert {metric.label: metric.value for metric in page.metric}["Code churn"] == "20"
    next(one for one in page.button if one.label == "All repositories").click().run()
    assert "in" not in page.query_params and "path" not in page.query_params and not page.exception
    numbers = {metric.label: metric.value for metric in page.metric}
    assert numbers["Code churn"] == "60"


def test_without_anything_collected_the_page_says_what_to_do(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspaces.find(house.app, ctx.workspace.id)

    page = opened(house, ctx, monkeypatch, "code")

    assert "Sources" in texts(page) and not page.metric

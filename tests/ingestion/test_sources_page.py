"""The page of sources, as a manager uses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import House
from core.context import Context
from core.ingestion import service
from tests.ingestion.clones import Clone
from tests.ingestion.conftest import Read
from tests.pages import entered

Opened = Callable[..., AppTest]


@pytest.fixture
def opened(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """`opened()` is the page for a manager."""
    return lambda role="manager": entered(house, ctx, monkeypatch, "data/sources", role).run()


def test_an_empty_page_says_what_to_do(opened: Opened) -> None:
    page = opened()

    assert not page.exception
    assert "Nothing is read yet" in page.info[0].value


def test_a_folder_that_is_no_repository_is_refused_in_plain_words(opened: Opened, tmp_path: Path) -> None:
    page = opened()

    page.text_input[0].set_value(str(tmp_path))
    page.button[0].click().run()

    assert "is no git repository" in page.warning[0].value
    assert not page.exception


def test_a_repository_is_added_and_its_reading_followed(
    opened: Opened, clone: Clone, ctx: Context, house: House
) -> None:
    clone.commit(files={"a.py": "1\n"})
    page = opened()

    page.text_input[0].set_value(str(clone.path))
    page.button[0].click().run()

    assert not page.exception
    (run,) = service.runs(ctx)
    assert run.status == "pending"
    service.run_sync(house, ctx.workspace.id, run.id)
    page = opened()
    assert any("app" in element.value for element in [*page.subheader, *page.markdown])
    assert [metric.label for metric in page.metric] == ["Known until", "Last read"]
    assert page.dataframe[0].value["New commits"].tolist() == [1]


def test_why_a_reading_failed_stands_on_the_card(opened: Opened, clone: Clone, ctx: Context, house: House) -> None:
    clone.commit()
    source = service.add_git(ctx, clone.path)
    run_id = service.request_sync(ctx, source.id)
    clone.path.rename(clone.path.with_name("moved"))
    with pytest.raises(Exception, match="There is no folder"):
        service.run_sync(house, ctx.workspace.id, run_id)

    page = opened()

    assert "There is no folder" in page.error[0].value


def test_a_branch_and_a_first_day_are_chosen_and_taken_back_on_the_card(
    opened: Opened, clone: Clone, ctx: Context, house: House
) -> None:
    clone.commit("Old", {"a.py": "1\n"}, at="2023-03-01T12:00:00Z")
    clone.git("branch", "calm")
    clone.commit("New", {"a.py": "2\n"}, at="2024-03-01T12:00:00Z")
    source = service.add_git(ctx, clone.path, branch="calm", since="2024-01-01")

    def subjects() -> list[str]:
        for run in service.runs(ctx):
            service.run_sync(house, ctx.workspace.id, run.id)
        return [row["subject"] for row in Read(ctx, source.id).rows(order="committed_at")]

    service.request_sync(ctx, source.id)
    assert subjects() == []
    page = opened()
    assert page.text_input(key=f"branch_{source.id}").value == "calm"
    assert page.date_input(key=f"since_{source.id}").value == date(2024, 1, 1)

    page.text_input(key=f"branch_{source.id}").set_value("")
    press(page, "Save and read it again")
    assert not page.exception and subjects() == ["New"]

    page = opened()
    page.date_input(key=f"since_{source.id}").set_value(None)
    press(page, "Save and read it again")
    assert subjects() == ["Old", "New"]
    assert (service.source(ctx, source.id).branch, service.source(ctx, source.id).since) == ("", "")

    page = opened()
    page.text_input(key=f"branch_{source.id}").set_value("clam")
    press(page, "Save and read it again")
    assert any("clam" in warning.value for warning in page.warning)
    assert service.source(ctx, source.id).branch == ""


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()

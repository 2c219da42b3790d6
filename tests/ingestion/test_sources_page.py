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
from core.ingestion.lines import service as lines
from tests.ingestion.clones import Clone
from tests.ingestion.conftest import Read
from tests.ingestion.provided import account
from tests.pages import entered
from tests.servers import github_data as data
from tests.servers.github_replies import TOKEN, github

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
    assert [metric.label for metric in page.metric] == ["Complete up to", "Last read"]
    assert page.dataframe[0].value["New commits"].tolist() == [1]
    assert any("reads the ages of its lines next" in caption.value for caption in page.caption)

    lines.read(ctx, service.sources(ctx)[0].id)
    assert any("Rework is known from" in caption.value for caption in opened().caption)


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


def test_repositories_of_a_provider_are_looked_at_and_followed_on_the_page(
    opened: Opened, ctx: Context, house: House
) -> None:
    with github(data.repository("acme/api", 3), data.repository("acme/old-site")) as hub:
        page = opened()
        page.button_group(key="source_where").set_value("GitHub or GitLab").run()
        assert "are read with an account" in page.info[0].value

        account(ctx, hub.url, TOKEN)
        page = opened()
        page.button_group(key="source_where").set_value("GitHub or GitLab").run()
        page.text_input(key="follow_wanted").set_value("acme/*")
        page.text_input(key="follow_without").set_value("acme/old-*")
        press(page, "Look what that means")
        assert page.dataframe[0].value["What happens"].tolist() == ["will be followed", "left out by acme/old-*"]
        press(page, "Follow 1 repository")

        assert not page.exception
        (run,) = service.runs(ctx)
        service.run_sync(house, ctx.workspace.id, run.id)
        page = opened()
        assert any("acme/\\*, without acme/old-\\*" in caption.value for caption in page.caption)
        assert page.metric[0].delta == "0 min ago"
        assert page.dataframe[0].value["Changed"].tolist()[0].startswith("6 pr commits, 3 pull requests")


def test_a_wrong_pattern_is_refused_in_plain_words(opened: Opened, ctx: Context) -> None:
    with github(data.repository("acme/api")) as hub:
        account(ctx, hub.url, TOKEN)
        page = opened()
        page.button_group(key="source_where").set_value("GitHub or GitLab").run()
        page.text_input(key="follow_wanted").set_value("nobody/*")
        press(page, "Look what that means")

        assert "There is no user or organisation 'nobody'" in page.warning[0].value
        assert not page.exception

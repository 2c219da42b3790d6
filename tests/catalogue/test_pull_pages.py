"""The pages of delivery and of pull requests, as a reader meets them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components import row_files
from core.bootstrap import House
from core.catalogue.service import repositories
from core.context import Context
from core.exports import service as exports
from tests.catalogue.factories import History
from tests.pages import entered

WEEK = "2026-03-02..2026-03-08"


@pytest.fixture
def told(ctx: Context) -> Context:
    history = History(ctx)
    history.pr(
        "ann", 1, title="Faster search", first_commit="2026-03-02 08:00", opened="2026-03-02 09:00",
        merged="2026-03-02 18:00",
    )  # fmt: skip
    history.review("bob", 1, "2026-03-02 11:00", state="commented")
    history.review("bob", 1, "2026-03-02 14:00", state="approved")
    history.pr("ann", 2, title="Docs", opened="2026-03-03 09:00")
    return history.ingest()


def texts(page: AppTest) -> str:
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.info, page.warning, page.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def opened(
    house: House, ctx: Context, patch: pytest.MonkeyPatch, name: str, role: str = "manager", **address: str
) -> AppTest:
    page = entered(house, ctx, patch, f"insights/{name}", role)
    for key, value in {"period": WEEK, **address}.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def test_the_address_names_a_pull_request_and_what_is_looked_for(
    house: House, told: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo,) = [one.id for one in repositories(told)]

    page = opened(house, told, monkeypatch, "pulls", state="merged", pull=f"{repo}:1")

    assert "1 pull request." in texts(page)
    assert "#1: Faster search" in texts(page)
    assert {metric.label: metric.value for metric in page.metric} == {
        "Coding": "1.0 h", "Draft": "0 min", "Pickup": "2.0 h", "Review": "3.0 h", "Merge wait": "4.0 h",
        "First commit to merge": "10.0 h",
    }  # fmt: skip
    assert len(page.get("vega_lite_chart")) == 1
    assert [one.label for one in page.button if one.key == "explain-any"] == ["Explain a number"]


def test_what_does_not_fit_says_what_to_do(house: House, told: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No pull request fits" in texts(opened(house, told, monkeypatch, "pulls", q="nothing like it"))


@pytest.mark.parametrize("pull", ["nonsense", ":1", "somewhere:1", "somewhere:99999999999"])
def test_a_pull_request_that_is_not_there_is_a_sentence(
    house: House, told: Context, monkeypatch: pytest.MonkeyPatch, pull: str
) -> None:
    page = opened(house, told, monkeypatch, "pulls", pull=pull)

    assert "2 pull requests." in texts(page)
    assert "met a fault" not in texts(page)


def test_an_empty_workspace_says_what_to_connect(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "connect a host such as GitHub" in texts(opened(house, ctx, monkeypatch, "pulls"))


def test_delivery_takes_the_bands_of_the_year_that_the_address_names(
    house: House, told: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(house, told, monkeypatch, "delivery", dora="2022")

    assert "Bands as the 2022 Accelerate State of DevOps Report describes them." in texts(page)
    assert "Work in progress" in texts(page)


def test_delivery_lists_what_each_deployment_took_and_what_none_did(
    house: House, told: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = opened(house, told, monkeypatch, "delivery", view="left")

    assert "1 in all." in texts(left)
    assert [one.label for one in left.button if "Explain" in one.label]
    assert "There are no deployments in this period." in texts(
        opened(house, told, monkeypatch, "delivery", view="deployments")
    )


def test_a_long_list_is_made_a_file_by_the_worker_which_the_page_follows_and_stops(
    house: House, told: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_files, "AT_ONCE", 1)
    page = opened(house, told, monkeypatch, "pulls")
    (make,) = [one for one in page.button if one.label == "All rows as Excel"]

    page = make.click().run()

    (job,) = exports.exports(told)
    assert (job.export_type, job.format, job.status, job.config["wanted"]["of"]) == ("rows", "xlsx", "pending", "pulls")
    (stop,) = [one for one in page.button if one.label == "Stop"]
    page = stop.click().run()
    assert exports.get(told, job.id).status == "cancelled"
    assert "The file was not made." in texts(page.run())

"""What goes wrong outside of us: a clear sentence on the page, and nothing half-written."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.access import sessions, users, workspaces
from core.base.settings import Settings
from core.bootstrap import House, build
from core.context import Context
from core.exports import service as exports
from core.ingestion import service as sources
from core.ingestion.lines import service as lines
from core.people import service as people
from core.reports import service as reports
from core.stores.metrics import MetricsStore, embedded
from tests.ingestion import clones
from tests.ingestion.conftest import Read

from .conftest import PASSWORD, PATIENCE_MS, Mailbox, settled, started
from .frailty import AS_OTHERS_READ, Line, kept, no_room, unreadable
from .settling import counting

pytestmark = pytest.mark.browser

STORE_AWAY = "The metrics store does not answer."


@dataclass(frozen=True)
class Frail:
    """A running system of which parts can be taken away."""

    url: str
    house: House
    ctx: Context
    line: Line


@pytest.fixture(scope="module")
def frail(tmp_path_factory: pytest.TempPathFactory, home: Path, metrics: MetricsStore) -> Iterator[Frail]:
    """`sightline up` without the demo; its metrics store is a server at the end of a line that can be cut."""
    metrics.ping()
    store = urlsplit(embedded.address(home))
    line = Line(store.port or 0)
    own = tmp_path_factory.mktemp("frail")
    at = f"clickhouse://{store.username}:{store.password}@127.0.0.1:{line.port}/default"
    with started(own, Mailbox(), "--no-demo", first=AS_OTHERS_READ, SIGHTLINE_METRICS_URL=at) as system:
        house = build(Settings(home=own, metrics_url=at))
        ctx = house.context(workspaces.create(house.app, name="Acme", now=house.clock()))
        users.add(ctx, username="ada", email="ada@example.org", role="admin", password=PASSWORD)
        whole = clones.new(own / "whole")
        whole.commit(at=f"{(house.clock() - timedelta(days=3)).timestamp():.0f} +0000")
        sources.sync(ctx, sources.add_git(ctx, whole.path).id)
        yield Frail(system.url, house, ctx, line)
        house.close()
    line.cut()


@pytest.fixture
def page(chromium: Browser, frail: Frail) -> Iterator[Page]:
    """A page of Ada's browser."""
    app, now = frail.house.app, frail.house.clock()
    size = {"width": 1280, "height": 1000}
    window = counting(chromium.new_context(base_url=frail.url, viewport=size, accept_downloads=True))
    window.set_default_timeout(PATIENCE_MS)
    _, ticket = sessions.start(app, users.named(app, "ada").id, now=now)
    window.add_cookies([{"name": sessions.COOKIE, "value": sessions.redeem(app, ticket, now) or "", "url": frail.url}])
    page = window.new_page()
    yield page
    window.close()


@pytest.fixture
def clone(tmp_path: Path) -> clones.Clone:
    return clones.new(tmp_path / "app")


def opened(page: Page, address: str) -> None:
    """Go there and wait until all of it stands: a click that comes earlier may be lost."""
    page.goto(address)
    page.get_by_test_id("stHeading").first.wait_for()
    settled(page)


def add(page: Page, path: Path | str) -> None:
    """Type a path on the page Sources, and have it read."""
    if not page.url.endswith("/sources"):
        opened(page, "/sources")
    form = page.get_by_test_id("stExpander").filter(has_text="Add a repository")
    if form.locator("details").get_attribute("open") is None:
        form.locator("summary").click()
    folder = page.get_by_role("textbox", name="Folder of a clone")
    folder.fill(str(path))
    folder.blur()
    settled(page)  # leaving the field moves what is below it, and a click meanwhile would miss its button
    page.get_by_role("button", name="Add and read it").click()


def alert(page: Page, sentence: str) -> Locator:
    """The box that says this."""
    return page.get_by_test_id("stAlert").filter(has_text=sentence).last


def test_a_path_that_is_no_repository_is_refused_beside_the_form(page: Page, frail: Frail, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    before = sources.sources(frail.ctx)
    refused = {
        "/nowhere/at/all": "There is no folder '/nowhere/at/all'.",
        f"{tmp_path}": "is no git repository. Give a folder that has a .git inside, or a bare repository.",
        f"{tmp_path}/file": "is a file. Give the folder of a git repository.",
        "https://ada:secret@example.org/app.git": "'https://example.org/app.git' is an address",
    }

    for path, sentence in refused.items():
        add(page, path)
        expect(alert(page, sentence)).to_be_visible()

    settled(page)
    assert sources.sources(frail.ctx) == before


def test_a_folder_that_nobody_may_enter_is_refused(page: Page, frail: Frail, clone: clones.Clone) -> None:
    clone.commit()
    before = sources.sources(frail.ctx)

    with unreadable(clone.path):
        add(page, clone.path)
        expect(alert(page, f"The folder '{clone.path}' cannot be read.")).to_contain_text("read access to it.")

    assert sources.sources(frail.ctx) == before


def test_a_folder_that_was_closed_later_says_so_on_its_card_and_keeps_what_was_read(
    page: Page, frail: Frail, tmp_path: Path
) -> None:
    clone = clones.new(tmp_path / "closed")
    clone.commit(files={"a.py": "1\n"})
    source = sources.add_git(frail.ctx, clone.path)
    sources.sync(frail.ctx, source.id)
    before = Read(frail.ctx, source.id).everything()
    opened(page, "/sources")
    card = page.locator(f".st-key-source_{source.id}")

    with unreadable(clone.path):
        card.get_by_role("button", name="Sync now").click()
        expect(card.get_by_text("cannot be read. Give the user that runs Sightline read access")).to_be_visible()

    expect(card.get_by_text("Failed", exact=True).first).to_be_visible()
    assert Read(frail.ctx, source.id).everything() == before


def test_an_empty_repository_is_read_and_told_to_be_empty(page: Page, frail: Frail, tmp_path: Path) -> None:
    add(page, clones.new(tmp_path / "empty").path)

    expect(page.get_by_text("has no commits yet")).to_be_visible()
    source = sources.source(frail.ctx, "empty")
    expect(page.locator(f".st-key-source_{source.id}").get_by_text("Done", exact=True).first).to_be_visible()
    assert Read(frail.ctx, source.id).rows() == []


def test_a_corrupt_object_is_named_and_nothing_of_it_is_kept(page: Page, frail: Frail, tmp_path: Path) -> None:
    clone = clones.new(tmp_path / "broken")
    for number in range(4):
        clone.commit(files={"a.py": f"{number}\n" * 50})
    lost = clone.git("rev-parse", "HEAD~2:a.py")
    path = clone.path / ".git" / "objects" / lost[:2] / lost[2:]
    path.chmod(0o644)
    path.write_bytes(b"no object at all")

    add(page, clone.path)

    expect(alert(page, f"is damaged at object {lost}")).to_contain_text("git fsck")
    settled(page)
    assert not any(Read(frail.ctx, sources.source(frail.ctx, "broken").id).everything().values())


def plan(metric: str = "commits_count", **scope: list[str]) -> str:
    block = {"widget": "metric.stat", "params": {"metric": metric}}
    return json.dumps({"title": "Mine", "scope": scope, "sections": [{"title": "All", "blocks": [block]}]})


def test_a_plan_that_names_what_is_not_there_is_not_saved(page: Page, frail: Frail) -> None:
    refused = {
        plan("comits_count"): "There is no metric named 'comits_count'. Did you mean 'commits_count'?",
        plan("commits_count", teams=["Atlantis"]): "There is no team named 'Atlantis'.",
        plan("commits_count", people=["nemo@example.org"]): "There is no person named 'nemo@example.org'.",
        "{": "The plan is no JSON",
    }
    opened(page, "/report-builder")
    page.get_by_text("Readers and looks", exact=True).click()

    for written, sentence in refused.items():
        if not page.get_by_role("textbox", name="Plan as JSON").is_visible():
            page.get_by_text("The plan as JSON").click()
        page.get_by_role("textbox", name="Plan as JSON").fill(written)
        page.get_by_role("textbox", name="Plan as JSON").press("Tab")
        settled(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(alert(page, sentence)).to_be_visible()

    settled(page)
    assert reports.reports(frail.ctx) == []


def test_links_to_what_is_not_there_say_so(page: Page) -> None:
    said = {
        "/report?report=unknown": "There is no such report in this workspace, or it is private.",
        "/report-builder?report=unknown": "There is no such report in this workspace, or it is private.",
        "/developer?person=nemo": "There is no person 'nemo' in this workspace.",
    }

    for address, sentence in said.items():
        page.goto(address)
        expect(alert(page, sentence)).to_be_visible()
        settled(page)


def test_a_report_of_a_team_that_was_deleted_fails_with_its_name(page: Page, frail: Frail) -> None:
    team = people.create_team(frail.ctx, "Atlantis")
    report = reports.create(frail.ctx, "Of Atlantis", {"scope": "team", "teams": [team.id], "formats": []})
    people.delete_team(frail.ctx, team.id)
    opened(page, f"/report?report={report.id}")

    page.get_by_role("button", name="Run now").click()

    expect(alert(page, "The last run failed.")).to_contain_text("'Atlantis'")
    settled(page)
    reports.delete(frail.ctx, report.id)


def test_a_full_disk_fails_the_run_and_keeps_no_half_of_a_file(page: Page, frail: Frail) -> None:
    report = reports.create(frail.ctx, "On a full disk", {"formats": ["pdf", "json"]})
    opened(page, f"/report?report={report.id}")
    files = frail.house.settings.home / "files"

    with no_room(files):
        page.get_by_role("button", name="Run now").click()
        failed = page.get_by_test_id("stAlert").filter(has_text="The last run failed.")
        expect(failed).to_contain_text(re.compile(r"no room left under \S+|could not be kept under \S+"))
        assert kept(files) == []

    (run,) = reports.runs(frail.ctx, report.id)
    assert exports.exports(frail.ctx, run_id=run.id) == []
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_role("button", name="PDF", exact=True)).to_be_visible()


@contextmanager
def away(line: Line) -> Iterator[None]:
    """The metrics store is out of reach."""
    line.cut()
    try:
        yield
    finally:
        line.mend()


def nothing_is_read(frail: Frail) -> None:
    """Wait until the worker has read what came, also its lines: what it brings makes every open page ask anew."""
    lines.tick(frail.house)
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while any(view.state in ("pending", "running") for view in lines.status(frail.ctx)):
        assert time.monotonic() < deadline, "The worker did not come to rest."
        time.sleep(0.1)


def test_a_store_that_is_away_is_told_once_and_the_page_comes_back_by_a_click(page: Page, frail: Frail) -> None:
    with away(frail.line):
        page.goto("/?period=last_7_days")
        expect(page.get_by_test_id("stAlert")).to_have_count(1)
        expect(page.get_by_test_id("stAlert")).to_contain_text(f"{STORE_AWAY} Start it with")
        settled(page)

    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    settled(page)
    expect(page.get_by_text(STORE_AWAY)).to_have_count(0)


def test_a_store_that_goes_away_under_an_open_page_is_told_where_it_was_asked(page: Page, frail: Frail) -> None:
    nothing_is_read(frail)
    page.goto("/?period=last_90_days")
    page.get_by_role("button", name="Explain", exact=True).first.wait_for()
    settled(page)

    with away(frail.line):
        page.get_by_role("button", name="Explain", exact=True).first.click()
        expect(page.get_by_role("dialog").get_by_text(STORE_AWAY)).to_be_visible()
        settled(page)
        page.goto("/system")
        expect(page.get_by_test_id("stMain").get_by_text(STORE_AWAY).first).to_be_visible()
        settled(page)


def test_a_report_and_a_reading_fail_whole_while_the_store_is_away(
    page: Page, frail: Frail, clone: clones.Clone
) -> None:
    clone.commit(files={"a.py": "1\n"})
    report = reports.create(frail.ctx, "Without a store", {"formats": ["pdf"], "date_range": "last_quarter"})
    opened(page, f"/report?report={report.id}")

    with away(frail.line):
        page.get_by_role("button", name="Run now").click()
        expect(alert(page, "The last run failed.")).to_contain_text(STORE_AWAY)
        add(page, clone.path)
        card = page.locator("[class*=st-key-source_]").filter(has_text=str(clone.path))
        expect(card.get_by_text(STORE_AWAY)).to_be_visible()

    (run,) = reports.runs(frail.ctx, report.id)
    assert (run.status, run.has_document, exports.exports(frail.ctx, run_id=run.id)) == ("failed", False, [])
    assert not any(Read(frail.ctx, sources.source(frail.ctx, str(clone.path)).id).everything().values())

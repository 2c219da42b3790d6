"""The way a newcomer goes: a developer, a number explained, a report made, run, downloaded and sent by mail."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Download, Locator, Page, expect
from pypdf import PdfReader

from core.documents.theme import contrast
from core.people import service as people

from .conftest import PAINTED, Running, settled

pytestmark = pytest.mark.browser

SignedIn = Callable[[str], Page]
NAME = "Weekly walk"


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select box by its words."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def fetched(page: Page, button: Locator) -> tuple[Download, bytes]:
    with page.expect_download() as download:
        button.click()
    return download.value, Path(download.value.path()).read_bytes()


def test_a_developers_number_is_explained_and_its_rows_downloaded(signed_in: SignedIn, running: Running) -> None:
    person = next(one for one in people.people(running.context()) if one.team_ids)
    page = signed_in("demo")
    page.goto("/developer?period=last_90_days")
    choose(page, "Person", person.name)
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    settled(page)

    page.get_by_role("button", name="Explain a number").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Rows behind it:")).to_be_visible()
    expect(dialog.get_by_text(person.name).first).to_be_visible()
    download, content = fetched(page, dialog.get_by_role("button", name="Download the rows as CSV"))

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert download.suggested_filename.endswith(".csv")
    assert len(rows) > 1 and len(rows[0]) > 2


@pytest.fixture(scope="module")
def kept() -> Iterator[dict[str, str]]:
    """What one step of the walk leaves to the next."""
    yield {}


def test_a_report_is_made_run_watched_and_its_files_open(signed_in: SignedIn, kept: dict[str, str]) -> None:
    page = signed_in("mara")
    page.goto("/reports")
    page.get_by_role("button", name="New report").click()
    expect(page.get_by_role("heading", name="New report", level=1)).to_be_visible()
    page.get_by_role("textbox", name="Title", exact=True).fill(NAME)
    page.get_by_role("textbox", name="Title", exact=True).press("Tab")
    expect(page.get_by_text("Unsaved changes. Kept as a draft")).to_be_visible()
    result = page.locator(".st-key-builder_result")
    expect(result.get_by_text("Commits", exact=True).first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Commits · Number").first.click()
    page.get_by_role("textbox", name="Heading", exact=True).fill("What we committed")
    page.get_by_role("textbox", name="Heading", exact=True).press("Tab")
    expect(result.get_by_text("What we committed").first).to_be_visible()
    page.get_by_role("heading", name="New report").first.click()
    page.keyboard.press("Control+z")
    expect(result.get_by_text("What we committed")).to_have_count(0)
    settled(page)
    page.get_by_text("Arrange by dragging").click()
    parts = page.locator(".st-key-builder_form .part")
    expect(parts.nth(1)).to_contain_text("Commits")
    parts.nth(3).drag_to(parts.nth(1), target_position={"x": 20, "y": 3})
    expect(parts.nth(1)).to_contain_text("Cycle time")
    parts.nth(1).press("Alt+ArrowDown")
    expect(parts.nth(1)).to_contain_text("Commits")
    settled(page)

    page.get_by_role("button", name="Save and run").click()
    expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    pdf_button = page.get_by_role("button", name="PDF", exact=True)
    expect(pdf_button).to_be_visible(timeout=90_000)
    settled(page)
    kept["report"] = page.url.partition("report=")[2].partition("&")[0]

    pdf, content = fetched(page, pdf_button)
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)
    assert pdf.suggested_filename.endswith(".pdf") and NAME in text and "Commits" in text
    xlsx, content = fetched(page, page.get_by_role("button", name="Excel", exact=True))
    book = load_workbook(io.BytesIO(content))
    assert xlsx.suggested_filename.endswith(".xlsx") and len(book.sheetnames) > 1


def test_the_report_goes_out_by_mail_with_its_files(
    signed_in: SignedIn, running: Running, kept: dict[str, str]
) -> None:
    page = signed_in("mara")
    page.goto(f"/schedules?report={kept['report']}")
    page.get_by_role("button", name="Schedule a report").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".st-key-to_new")).to_contain_text("mara@example.org")
    dialog.locator(".st-key-formats_new").get_by_text("Excel", exact=True).click()
    settled(page)
    dialog.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("button", name="Send me a test").first).to_be_visible()
    settled(page)

    page.get_by_role("button", name="Send me a test").first.click()
    mail = arrived(running, NAME)

    assert mail["To"] == "mara@example.org"
    files = {part.get_filename() or "" for part in mail.walk()}
    assert any(name.endswith(".pdf") for name in files) and any(name.endswith(".xlsx") for name in files)
    kinds = {part.get_content_type() for part in mail.walk()}
    assert {"text/plain", "text/html"} <= kinds


def test_the_value_of_a_slider_can_be_read_on_a_dark_ground(signed_in: SignedIn, kept: dict[str, str]) -> None:
    page = signed_in("mara")
    page.emulate_media(color_scheme="dark")
    page.goto(f"/schedules?report={kept['report']}")
    page.get_by_role("button", name="Schedule a report").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("If Sightline was off, and spreading the load").click()
    value = dialog.get_by_test_id("stSliderThumbValue").locator("p")
    expect(value).to_be_visible()
    settled(page)

    words, ground = value.evaluate(PAINTED)

    assert contrast(words, ground) >= 4.5, (words, ground)


def test_a_viewer_reads_a_report_but_neither_runs_nor_edits_nor_downloads_it(
    signed_in: SignedIn, kept: dict[str, str]
) -> None:
    page = signed_in("vera")
    page.goto(f"/report?report={kept['report']}")
    expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    settled(page)

    for verb in ("Run now", "Edit", "Clone", "Delete", "PDF", "Excel", "Schedule"):
        expect(page.get_by_test_id("stMain").get_by_role("button", name=re.compile(f"^{verb}"))).to_have_count(0)


def test_anothers_report_is_not_there(signed_in: SignedIn, kept: dict[str, str]) -> None:
    page = signed_in("olga")

    page.goto(f"/report?report={kept['report']}")

    expect(page.get_by_text("There is no")).to_be_visible()
    expect(page.get_by_text(NAME)).to_have_count(0)


def arrived(running: Running, subject: str, limit_s: float = 90.0) -> Message:
    """The mail whose subject holds these words, once it has come."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        for mail in running.mailbox.mails:
            if subject in str(mail["Subject"]):
                return mail
        time.sleep(0.2)
    raise AssertionError(f"No mail with '{subject}' came; there are {[m['Subject'] for m in running.mailbox.mails]}.")

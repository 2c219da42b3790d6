"""A report written as a file in the browser: marked where it is wrong, previewed, saved and run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser

BROKEN = """\
title: Files
datasources:
  us: {plugin: metrics}
views:
  commits:
    plugin: single_stat
    title: Commits of the week
    args: {datasource: us, query: commits_count, precison: 1}
"""


def test_a_file_is_marked_previewed_saved_and_run(signed_in: Callable[[str], Page], tmp_path: Path) -> None:
    page = signed_in("demo")
    page.goto("/reports")
    settled(page)
    page.get_by_role("button", name="Write it as a file").click()
    expect(page.get_by_text("Nothing is wrong with this file.")).to_be_visible()

    page.get_by_text("Open a file").click()
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("line 8, column 50")).to_be_visible()
    expect(page.get_by_text("Did you mean 'precision'?")).to_be_visible()

    editor = page.get_by_role("textbox", name="Report file in YAML")
    expect(editor).to_have_value(BROKEN)
    editor.fill(BROKEN.replace("precison", "precision"))
    expect(page.get_by_text("Nothing is wrong with this file.")).to_be_visible()

    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Commits of the week")).to_be_visible()
    settled(page)
    shown = page.get_by_test_id("stMetricValue").inner_text()
    assert float(shown.replace(",", "")) > 0

    page.get_by_role("button", name="Save and run").click()
    expect(page.get_by_test_id("stMetricValue")).to_have_text(shown)
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_role("textbox", name="Report file in YAML")).to_have_value(
        BROKEN.replace("precison", "precision")
    )

"""Docs cannot drift: what is generated is compared, what is named exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.entrypoints import reference
from core.entrypoints.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PROSE = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", reference.PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = (ROOT / name).read_text()

    assert written == reference.PAGES[name](), "run: python -m core.entrypoints.reference"


@pytest.mark.parametrize("page", PROSE, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]

    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PROSE, ids=lambda path: path.name)
def test_every_command_that_the_docs_name_exists(page: Path) -> None:
    named = set(re.findall(r"`(?:\S*/)?sightline ([a-z]+)", page.read_text()))

    assert named <= set(COMMANDS)


@pytest.mark.parametrize("page", PROSE, ids=lambda path: path.name)
def test_every_variable_that_the_docs_name_exists(page: Path) -> None:
    from core.base.settings import Settings

    known = {f"SIGHTLINE_{name.upper()}" for name in Settings.model_fields} | {"SIGHTLINE_WORKSPACE"}
    named = set(re.findall(r"SIGHTLINE_[A-Z_]+[A-Z]", page.read_text()))

    assert named <= known

"""Plugins of an installed package: found by name, loaded alone, and harmless when they are broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.base.errors import BadInput, NotFound
from core.datasources.registry import DATASOURCES
from core.delivery.outputs.registry import OUTPUTS
from core.views.registry import VIEWS

ROOT = Path(__file__).parents[2]
REPORT = """
title: Harvest
timezone: Europe/Vienna
start_date: 2026-03-02
end_date: 2026-03-09
datasources:
  trees: {plugin: orchard}
views:
  card: {plugin: orchard.card, title: Card, cols: 3, args: {datasource: trees}}
  golden: {plugin: orchard.golden, title: Golden, cols: 3, args: {datasource: trees}}
  plot:
    plugin: orchard.plot
    title: Kilos
    args: {datasource: trees, query: harvest, time_column: day, groupby: tree}
outputs:
  page: {plugin: static, args: {output_dir: build, formats: [markdown, json, pdf]}}
  book: {plugin: orchard.notebook, args: {book: book.txt}}
"""


def run(folder: Path, site: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "report.yaml").write_text(text)
    command = [
        sys.executable,
        "-c",
        "from core.entrypoints.cli import main; main()",
        "report",
        "run",
        "-c",
        "report.yaml",
    ]
    surroundings = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{site}", "SIGHTLINE_HOME": str(folder / "home")}
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


def test_a_report_of_a_strangers_plugins_runs(installed: Path, tmp_path: Path):
    ended = run(tmp_path, installed, REPORT)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    (folder,) = [path for path in (tmp_path / "build").iterdir() if not path.is_symlink()]
    page = (folder / "index.html").read_text()
    assert "<li>Cherry: <b>84</b> (the most)</li>" in page
    assert "From 02 Mar, 168 kilos:" in page
    assert "<b>Gold!</b> 168 kilos" in page
    assert "Ripe at 7." in page
    assert page.count('src="data:image/svg+xml;base64,') == 2
    words = next(folder.glob("*.md")).read_text()
    assert words.count("- Cherry: **84**") == 2
    assert (folder / "figures" / "card" / "bars.svg").read_text().startswith("<svg")
    assert (tmp_path / "book.txt").read_text() == "2026-03-02_2026-03-09_harvest: 3 figures\n"


def test_broken_plugins_name_themselves_and_harm_nothing(installed: Path, tmp_path: Path):
    ended = run(
        tmp_path,
        installed,
        REPORT.replace("  plot:\n", "  gone: {plugin: orchard.broken}\n  odd: {plugin: orchard.crooked}\n  plot:\n"),
    )

    assert ended.returncode == 3, ended.stdout + ended.stderr
    said = " ".join((ended.stdout + ended.stderr).split())
    assert "The view plugin 'orchard.broken' of the package 'sightline-orchard' cannot be loaded" in said
    assert "'orchard.crooked' of the package 'sightline-orchard' cannot be used: its Args is no class made of" in said
    assert "Traceback" not in said
    assert "168 kilos" in next((tmp_path / "build").glob("2026*/index.html")).read_text()


def test_kinds_are_listed_without_importing_any(orchard: Path):
    assert "orchard" in DATASOURCES.keys()  # noqa: SIM118 - a registry is no dict
    assert {"orchard.card", "orchard.broken", "orchard.plot"} <= set(VIEWS.keys())
    assert "orchard.notebook" in OUTPUTS
    assert not [name for name in sys.modules if name.partition(".")[0] == "orchard"]


def test_only_the_kind_that_is_asked_for_is_imported(orchard: Path):
    DATASOURCES.get("orchard")

    assert {name for name in sys.modules if name.partition(".")[0] == "orchard"} == {"orchard", "orchard.source"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "orchard.broken",
            "The view plugin 'orchard.broken' of the package 'sightline-orchard' cannot be loaded (ModuleNotFoundError:"
            " No module named 'a_library_that_nobody_installed'). Update or remove that package.",
        ),
        (
            "orchard.crooked",
            "The view plugin 'orchard.crooked' of the package 'sightline-orchard' cannot be used:"
            " its Args is no class made of core.views.view.ViewArgs.",
        ),
        (
            "orchard.stray",
            "The view plugin 'orchard.stray' of the package 'sightline-orchard' cannot be used:"
            " it is no class made of core.views.view.View.",
        ),
    ],
)
def test_a_plugin_that_cannot_be_used_names_itself_and_its_package(orchard: Path, name: str, sentence: str):
    with pytest.raises(BadInput) as caught:
        VIEWS.get(name)
    assert caught.value.message == sentence
    assert VIEWS.get("orchard.card").key == "orchard.card"


def test_a_name_nearly_right_is_answered_with_the_strangers_name(orchard: Path):
    with pytest.raises(NotFound, match=r"Did you mean 'orchard\.card'"):
        VIEWS.get("orchard.cart")

"""The command line's way to alerts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from core.base.errors import BadInput
from core.entrypoints.cli import alerts, out
from tests.alerts.conftest import STEADY, Stage

Run = Callable[..., Any]


@pytest.fixture
def run(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("list")` answers with the rows of `sightline alerts list --json`."""
    monkeypatch.setattr(out, "ready", lambda: stage.house)
    stage.weeks((*STEADY, 20))

    def invoke(*words: str, text: bool = False) -> Any:
        words = (*words, "-w", stage.ctx.workspace.slug, *(() if text else ("--json",)))
        result = CliRunner().invoke(alerts.app, words, catch_exceptions=False, standalone_mode=not text)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output if text else json.loads(result.stdout.splitlines()[-1])["rows"]  # the log stands above

    return invoke


def test_a_rule_is_tried_made_changed_and_taken_away(run: Run) -> None:
    (fired,) = run("try", "commits_count", "--threshold", "50%")
    assert (fired["from"], fired["value"]) == ("2026-03-02", 20.0)
    assert "Would have fired once in the last 90 days." in run("try", "commits_count", text=True)

    (made,) = run("create", "commits_count", "--name", "Bursts", "--to", "team@example.org", "--cooldown", "1")
    assert made["rule"].startswith("Every week, for the whole workspace: Commits over 30 % more or less than usual")
    assert [row["to"] for row in run("list")] == [["team@example.org"]]
    assert run("edit", "Bursts", "--threshold", "1")[0]["rule"].count("over 100 %") == 1
    assert run("disable", "bursts")[0]["state"] == "off"
    assert run("enable", "Bursts")[0]["state"] == "watches"
    assert run("mute", "Bursts", "--days", "3")[0]["state"] == "muted until 2026-03-14 12:00 UTC"
    assert run("mute", "Bursts", "--days", "0")[0]["state"] == "watches"
    assert run("delete", "Bursts", "--yes")[0]["state"] == "deleted"
    assert run("list") == []


def test_what_was_found_is_listed(run: Run, stage: Stage) -> None:
    stage.rule(name="Bursts")
    run("check")

    (found,) = run("findings", "--rule", "Bursts")
    assert (found["period"], found["value"], found["untold"]) == (
        "2 Mar 2026 – 8 Mar 2026", "20", "the rule names nobody",
    )  # fmt: skip
    assert run("show", "Bursts")[0]["outcomes"][0]["state"] == "fired"


def test_a_threshold_that_is_none_is_refused(run: Run) -> None:
    with pytest.raises(BadInput, match="'many' is no threshold"):
        run("create", "commits_count", "--threshold", "many", text=True)
    with pytest.raises(BadInput, match="Say what to change"):
        run("create", "commits_count", "--name", "Bursts")
        run("edit", "Bursts", text=True)

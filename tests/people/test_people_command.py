"""The command line's way to people."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from core.base.errors import BadInput, NotFound
from core.bootstrap import House
from core.context import Context
from core.entrypoints.cli import out, people
from core.people import service
from core.people.service import Seen

Run = Callable[..., Any]


@pytest.fixture
def run(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("list")` answers with the rows of `sightline people list --json`."""
    monkeypatch.setattr(out, "ready", lambda: house)
    service.register(
        ctx, [Seen("ada@one.org", "Ada King", count=9), Seen("ada@two.org", "Ada King"), Seen("x@y.org", "x[bot]")]
    )

    def invoke(*words: str, text: bool = False, typed: str = "") -> Any:
        words = (*words, "-w", ctx.workspace.slug, *(() if text else ("--json",)))
        result = CliRunner().invoke(people.app, words, input=typed, catch_exceptions=False, standalone_mode=not text)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output if text else json.loads(result.stdout)["rows"]

    return invoke


def test_everybody_is_listed_with_bots_on_demand(run: Run) -> None:
    assert [row["email"] for row in run("list")] == ["ada@one.org", "ada@two.org"]
    assert [row["bot"] for row in run("list", "--include-bots")] == [False, False, True]
    assert "x[bot]" in run("list", "--include-bots", text=True)


def test_a_suggestion_leads_to_a_merge_and_back(run: Run) -> None:
    (found,) = run("suggestions")
    (made,) = run("merge", found["into_id"], found["from_id"], "--yes")
    assert len(run("list")) == 1

    assert run("merges")[0]["merge"] == made["merge"]
    run("unmerge", made["merge"][:8])
    assert len(run("list")) == 2


def test_merging_asks_first_and_a_no_changes_nothing(run: Run) -> None:
    shown = run("merge", "ada@one.org", "ada@two.org", text=True, typed="n\n")

    assert "These move to 'Ada King': Ada King <ada@two.org>" in shown
    assert len(run("list")) == 2


def test_machines_are_not_asked(run: Run) -> None:
    with pytest.raises(BadInput, match="add --yes"):
        run("merge", "ada@one.org", "ada@two.org")
    assert run("merge", "ada@one.org", "ada@two.org", "--preview") == []


def test_an_unknown_person_is_said_with_the_nearest(run: Run) -> None:
    with pytest.raises(NotFound, match=r"Did you mean 'ada@one\.org'"):
        run("merge", "ada@one.og", "ada@two.org", "--yes")


def test_bots_are_decided_and_the_list_is_edited(run: Run) -> None:
    assert [row["name"] for row in run("bots", "--mark", "ada@two.org")] == ["Ada King", "x[bot]"]
    assert len(run("bots", "--unmark", "ada@two.org")) == 1
    run("bots", "--add", "sync-*")
    assert {"entry": "sync-*"} in run("bots", "--list")
    run("bots", "--remove", "sync-*")
    assert {"entry": "sync-*"} not in run("bots", "--list")
    with pytest.raises(BadInput, match="not on the list"):
        run("bots", "--remove", "sync-*")


def test_teams_are_made_and_people_moved(run: Run) -> None:
    run("teams", "--add", "Web")
    (team,) = run("teams", "--move", "ada@one.org", "Web", "--on", "2026-02-01")
    assert team["members"] == ["Ada King (ada@one.org)"]
    assert run("teams", "--on", "2026-01-31")[0]["members"] == []
    with pytest.raises(BadInput, match="no day"):
        run("teams", "--on", "yesterday")

"""The command line's way to the section Analytics."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from core.base.errors import BadInput, NotAllowed
from core.bootstrap import House
from core.context import Context
from core.entrypoints.cli import analytics, out
from core.people import service as people
from core.people.views import Seen
from tests.catalogue.factories import History


def test_the_network_and_the_skills_are_printed(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob")])
    history = History(ctx)
    history.pr("ann", 1, opened="2026-03-02 09:00")
    history.review("bob", 1, "2026-03-03 09:00")
    history.file("ann", "2026-03-03 09:00", "a.py", language="Python", additions=100)
    history.ingest()
    monkeypatch.setattr(out, "ready", lambda: house)

    def run(*words: str) -> Any:
        words = (*words, "-w", ctx.workspace.slug, "--json", "--period", "2026-03-02..2026-03-08")
        result = CliRunner().invoke(analytics.app, words, catch_exceptions=False, standalone_mode=False)
        if result.exception:
            raise result.exception
        return json.loads(result.stdout.splitlines()[-1])["rows"]

    assert [(row["person"], row["works_with"]) for row in run("network")] == [("Ann", 1), ("Bob", 1)]
    (tie,) = run("network", "--ties")
    assert (tie["who"], tie["helped"], tie["reviews"]) == ("Bob", "Ann", 1)
    (skill,) = run("skills")
    assert (skill["person"], skill["skill"], skill["lines"]) == ("Ann", "Python", 100)
    with pytest.raises(BadInput, match="Say --of"):
        run("skills", "--of", "colour")
    with pytest.raises(NotAllowed, match="is off"):
        run("zones")

"""`sightline workspaces voice`: the settings of a language model, whose key no word of it shows."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from core.bootstrap import House
from core.context import Context
from core.entrypoints.cli import out, workspaces
from core.narrative.voice import settings as deciding
from tests.narrative.test_voice import PATH, saying
from tests.servers.replies import replying


def test_a_model_is_named_tested_and_forbidden_and_its_key_is_never_shown(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "house", lambda: house)
    monkeypatch.setattr(out, "prepare", lambda rooms: None)
    shown = []

    def voice(*words: str, typed: str = "") -> dict[str, object]:
        done = CliRunner().invoke(
            workspaces.app, ["voice", *words, "-w", ctx.workspace.slug, "--json"], input=typed, catch_exceptions=False
        )
        shown.append(done.output)
        row: dict[str, object] = json.loads(done.stdout.splitlines()[-1])["rows"][0]
        return row

    assert voice() == {
        "allowed": False,
        "base_url": "",
        "model": "",
        "pseudonyms": True,
        "timeout_s": 30.0,
        "key": "none",
    }
    with replying() as model:
        model.routes[PATH] = saying(("summary", "Commits stood at 50."))
        words = (
            "--url",
            f"{model.url}/v1",
            "--model",
            "m-1",
            "--names",
            "--seconds",
            "5",
            "--allow",
            "--key",
            "--test",
        )
        on = voice(*words, typed="sk-secret\n")
    assert (on["allowed"], on["model"], on["pseudonyms"], on["key"]) == (True, "m-1", False, "kept")
    assert str(on["test"]).endswith("The figures bear 1 of 1 sentences out.")
    assert deciding.key(ctx) == "sk-secret"
    off = voice("--forbid")
    assert (off["allowed"], off["key"]) == (False, "kept")
    assert voice("--no-key")["key"] == "none"
    assert "sk-secret" not in "".join(shown)

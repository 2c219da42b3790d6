"""The language model on the page Workspace: turned on, tested, and its key shown to nobody."""

from __future__ import annotations

import json

import pytest

from core.bootstrap import House
from core.context import Context
from core.narrative.voice import settings as deciding
from tests.narrative.test_voice import PATH, recorded
from tests.pages import entered
from tests.servers.replies import Reply, replying


def test_an_admin_turns_a_model_on_and_tests_it(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    page = entered(house, ctx, monkeypatch, "admin/workspace", "admin").run()
    assert page.button(key="voice_test").disabled
    with replying() as model:
        said = {"sentences": [{"part": "summary", "text": "Commits stood at 50."}]}
        model.routes[PATH] = Reply(recorded(json.dumps(said)))
        page.toggle(key="voice_allowed").set_value(True)
        page.text_input(key="voice_url").set_value(f"{model.url}/v1")
        page.text_input(key="voice_model").set_value("m-1")
        page.text_input(key="voice_key").set_value("sk-secret")
        next(one for one in page.button if one.label == "Save the language model").click().run()
        assert not page.exception
        page.button(key="voice_test").click().run()

    assert "The figures bear 1 of 1 sentences out." in page.success[0].value
    kept = deciding.settings(ctx)
    assert (kept.allowed, kept.model, kept.pseudonyms, deciding.key(ctx)) == (True, "m-1", True, "sk-secret")
    fresh = entered(house, ctx, monkeypatch, "admin/workspace", "admin").run()
    assert fresh.text_input(key="voice_key").value == ""
    assert fresh.text_input(key="voice_key").placeholder == "kept"


def test_an_address_that_may_not_be_reached_is_refused_in_words(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = entered(house, ctx, monkeypatch, "admin/workspace", "admin").run()
    page.text_input(key="voice_url").set_value("http://169.254.169.254/v1")

    next(one for one in page.button if one.label == "Save the language model").click().run()

    assert "reports may not reach" in page.warning[0].value
    assert deciding.settings(ctx).base_url == ""

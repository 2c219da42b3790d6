"""Words that nobody here knows, put to a language model over real HTTP: suggested, looked up, never taken alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner

from core.bootstrap import House
from core.context import Context
from core.entrypoints.cli import out
from core.entrypoints.cli import report as report_module
from core.narrative.voice import settings as deciding
from core.reports import spoken, suggesting
from core.reports.suggesting import Suggestion
from tests.narrative.test_voice import PATH, recorded
from tests.pages import framed
from tests.reports.conftest import World
from tests.servers.replies import Replies, Reply, replying

NOTHING = {"template": "", "metrics": [], "teams": [], "repositories": [], "days": "", "compare": "", "rhythm": "",
           "words": []}  # fmt: skip


@pytest.fixture
def model() -> Iterator[Replies]:
    with replying() as replies:
        yield replies


@pytest.fixture
def allowed(world: World, model: Replies) -> Context:
    wish = {"allowed": True, "base_url": f"{model.url}/v1", "model": "m-1", "pseudonyms": False, "timeout_s": 5}
    deciding.change(world.ctx, wish, key="sk-secret")
    return world.ctx


def meaning(**meant: object) -> Reply:
    return Reply(recorded(json.dumps({**NOTHING, **meant})))


def suggested(ctx: Context, sentence: str) -> Suggestion:
    found = suggesting.suggested(ctx, sentence, spoken.understood(ctx, sentence))
    assert found
    return found


def test_unknown_words_become_a_suggestion_of_the_same_vocabulary(allowed: Context, model: Replies) -> None:
    model.routes[PATH] = meaning(metrics=["commits_count"], teams=["Atlas"], days="last_week", words=["checkins"])

    found = suggested(allowed, "monthly checkins of atlass")

    assert found.added == (("Numbers", "Commits"), ("Teams", "Atlas"))
    assert (found.asked.metrics, found.asked.days, found.asked.unknown) == (
        ("commits_count",),
        "last_month",
        ("atlass",),
    )
    suggested(allowed, "checkins by ann")
    first, second = (
        json.loads(one.json["messages"][1]["content"].split("BEGIN DATA\n")[1].rsplit("\nEND DATA", 1)[0])
        for one in model.to(PATH)
    )
    assert (first["not_understood"], first["teams"]) == (["checkins", "atlass"], ["Atlas", "Borealis"])
    assert second["sentence"] == "checkins by Person 1"
    assert "Ann" not in model.to(PATH)[1].body.decode()


def test_what_is_not_there_is_refused_and_what_rules_understood_stays(allowed: Context, model: Replies) -> None:
    model.routes[PATH] = meaning(
        template="poem", metrics=["happiness"], teams=["Zephyr"], days="someday", compare="cheese", words=["wug"]
    )
    found = suggested(allowed, "DORA of Atlas last month wug")

    assert found.added == ()
    assert (found.asked.template, found.asked.days, found.asked.unknown) == ("dora-monthly", "last_month", ("wug",))
    assert found.remarks == (
        "The language model m-1 said 'Zephyr', which is no team that fits here.",
        "The language model m-1 said 'cheese', which is no comparison that fits here.",
        "The language model m-1 made nothing of them.",
    )
    model.routes[PATH] = Reply({}, 500)
    assert suggested(allowed, "wug").remarks == ("The language model m-1 answered with an error (500).",)
    model.routes[PATH] = Reply(recorded('{"template": 7}'))
    assert "did not answer in the shape" in suggested(allowed, "wug").remarks[0]
    known = spoken.understood(allowed, "weekly DORA")
    assert suggesting.suggested(allowed, "weekly DORA", known) is None
    deciding.change(allowed, {"allowed": False})
    assert suggesting.suggested(allowed, "wug", spoken.understood(allowed, "wug")) is None


def test_the_command_shows_it_and_takes_it_only_when_told(
    allowed: Context, model: Replies, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "house", lambda: house)
    monkeypatch.setattr(out, "prepare", lambda rooms: None)
    model.routes[PATH] = meaning(template="code-review-health", words=["critiques"])
    words = ["say", "critiques of Atlas", "--workspace", allowed.workspace.slug]

    shown = CliRunner().invoke(report_module.app, words)
    taken = CliRunner().invoke(report_module.app, [*words, "--take", "--json"])

    assert shown.exit_code == 2
    assert "The language model m-1 suggests Template: Code-review health. Take it with --take." in shown.output
    assert taken.exit_code == 0
    assert json.loads(taken.stdout.splitlines()[-1])["rows"][0]["Template"] == "Code-review health"


def test_the_form_marks_it_as_the_models_and_makes_the_report_when_it_is_taken(
    allowed: Context, model: Replies, user: Callable[..., Context], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.routes[PATH] = meaning(template="code-review-health", words=["critiques"])
    page = framed(house, user("mia", "member"), monkeypatch, "reports/templates")
    sentence = "critiques of Atlas"
    page.text_input(key="spoken").set_value(sentence).run()

    assert "The language model m-1 suggests: **Template:** Code-review health" in page.info[0].value
    assert page.text_input(key="spoken_name_Engineering report of Atlas")
    page.toggle(key=f"spoken_take_{sentence}").set_value(True).run()
    assert page.text_input(key="spoken_name_Code-review health of Atlas")
    assert not page.exception
    assert len(model.to(PATH)) == 1

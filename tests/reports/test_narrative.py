"""The narrative of a report: of its finished figures alone, hidden where they are hidden, in every format."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Event

import pypdf
import sqlalchemy as sa

from core.context import Context
from core.documents import render
from core.figures import Notice, Prose, Stat
from core.narration import Narration, Sentence
from core.narrative.facts import Facts
from core.narrative.voice import settings as deciding
from core.reports import exporting, reading, service
from core.reports.narrating import Telling, narrated
from core.reports.plan import read_plan
from tests.narrative.test_voice import PATH, recorded
from tests.reports.conftest import World
from tests.servers.replies import Reply, replying

MARCH = "2026-03-01..2026-03-10"


def a_report(ctx: Context, *blocks: dict[str, object]) -> str:
    plan = {"title": "Told", "window": {"range": MARCH}, "sections": [{"blocks": list(blocks)}]}
    return service.create(ctx, "Told", {"formats": ["markdown", "json"]}, plan=plan).id


def stat(metric: str, **more: str) -> dict[str, object]:
    return {"widget": "metric.stat", "params": {"metric": metric, "spark": False, **more}}


def test_a_narrative_tells_the_numbers_that_stand_below_it_in_every_format(
    world: World, finish: Callable[..., object]
) -> None:
    report_id = a_report(world.ctx, {"kind": "narrative", "title": "In short"}, stat("commits_count"))

    run = finish(world.ctx, service.run_now(world.ctx, report_id))
    document = reading.document(world.ctx, run.id)  # type: ignore[attr-defined]

    told, commits = document.figures()
    assert isinstance(told, Prose)
    assert told.narration
    # March has nine commits of ann and nine of cem; 19 to 28 February one of bob's (19 Feb), at ten o'clock
    sentence = told.narration.sentences[0]
    assert sentence.text == "In the period 1 Mar 2026 – 10 Mar 2026, Commits stood at 18."
    assert [(one.block, one.number) for one in sentence.grounds] == [(commits.key, "18")]
    for name in ("html", "markdown"):
        assert "Commits stood at 18" in render(document, name).content.decode()
    assert "Commits stood at 18" in pypdf.PdfReader(io.BytesIO(render(document, "pdf").content)).pages[0].extract_text()
    kept = json.loads(render(document, "json").content)["sections"][0]["blocks"][0]
    assert kept["narration"]["sentences"][0]["grounds"][0]["number"] == "18"
    assert "Rests on" in render(document, "markdown").content.decode()


def test_what_is_told_of_somebody_is_hidden_with_the_figure_that_it_rests_on(
    world: World, user: Callable[..., Context], finish: Callable[..., object]
) -> None:
    with world.ctx.app.session() as session:
        session.execute(sa.text("UPDATE workspaces SET individuals = 'managers'"))
    closed = replace(world.ctx.workspace, individuals="managers")
    manager, member = (replace(user(*one), workspace=closed) for one in (("max", "manager"), ("mia", "member")))
    narrative = {"kind": "narrative"}
    about_ann = stat("commits_count", person="Ann", title="Commits by hand")
    report_id = a_report(manager, narrative, stat("commits_count"), about_ann)

    run = finish(manager, service.run_now(manager, report_id))

    run_id = run.id  # type: ignore[attr-defined]
    open_part, part = list(reading.document(manager, run_id).figures())[:2]
    assert isinstance(open_part, Prose)
    assert isinstance(part, Prose)
    assert "Commits by hand stood at 9" in part.markdown
    assert "by hand" not in open_part.markdown
    shown = list(reading.document(member, run_id).figures())
    assert shown[0].model_dump() == open_part.model_dump()
    assert isinstance(shown[1], Notice)
    for seen in (reading.markdown(member, run_id), exporting.download(member, run_id, "json").content.decode()):
        assert "by hand" not in seen
        assert "Commits stood at 18" in seen


def test_numbers_that_would_be_taken_for_the_reports_are_not_told(world: World, finish: Callable[..., object]) -> None:
    other_days = {**stat("commits_count"), "range": "2026-01-01..2026-01-31"}
    report_id = a_report(world.ctx, {"kind": "narrative"}, other_days, stat("lines_added", team="Atlas"))

    run = finish(world.ctx, service.run_now(world.ctx, report_id))

    told = next(iter(reading.document(world.ctx, run.id).figures()))  # type: ignore[attr-defined]
    assert isinstance(told, Notice)


def test_a_narrative_of_nothing_says_so_and_the_run_succeeds(world: World, finish: Callable[..., object]) -> None:
    report_id = a_report(world.ctx, {"kind": "narrative"}, {"kind": "prose", "markdown": "Hello"})

    run = finish(world.ctx, service.run_now(world.ctx, report_id))

    assert run.status == "success"  # type: ignore[attr-defined]
    assert "say nothing that could be told" in reading.markdown(world.ctx, run.id)  # type: ignore[attr-defined]


def test_a_section_tells_of_its_own_figures(world: World, finish: Callable[..., object]) -> None:
    sections = [
        {
            "title": "A",
            "blocks": [stat("commits_count"), {"kind": "narrative", "about": "section", "parts": ["summary"]}],
        },
        {"title": "B", "blocks": [stat("lines_added")]},
    ]
    plan = {"title": "Two", "window": {"range": MARCH}, "sections": sections}
    made = service.create(world.ctx, "Two", {"formats": []}, plan=plan)

    run = finish(world.ctx, service.run_now(world.ctx, made.id))

    told = next(one for one in reading.document(world.ctx, run.id).figures() if isinstance(one, Prose))  # type: ignore[attr-defined]
    assert "Commits" in told.markdown
    assert "Lines" not in told.markdown


def test_a_model_writes_of_what_everybody_may_see_and_is_told_of_nobody(
    world: World, finish: Callable[..., object]
) -> None:
    report_id = a_report(
        world.ctx, {"kind": "narrative"}, stat("commits_count"), stat("commits_count", person="Ann", title="By hand")
    )
    sentences = [("summary", "Commits stood at 18."), ("summary", "Commits stood at 19.")]
    with replying() as model:
        said = {"sentences": [{"part": part, "text": text} for part, text in sentences]}
        model.routes[PATH] = Reply(recorded(json.dumps(said)))
        wish = {"allowed": True, "base_url": f"{model.url}/v1", "model": "m-1"}
        deciding.change(world.ctx, wish)

        run = finish(world.ctx, service.run_now(world.ctx, report_id))

    told, of_ann = list(reading.document(world.ctx, run.id).figures())[:2]  # type: ignore[attr-defined]
    assert isinstance(told, Prose)
    assert isinstance(of_ann, Prose)
    assert (run.status, told.markdown) == ("success", "Commits stood at 18.")  # type: ignore[attr-defined]
    assert "1 sentence that they do not bear out was left out" in told.note
    assert of_ann.narration
    assert of_ann.narration.model == ""
    (asked,) = model.to(PATH)
    assert "By hand" not in asked.body.decode()


def test_a_model_is_asked_for_several_narratives_at_once_and_each_stands_in_its_place() -> None:
    figures = {f"s1b{place}": [Stat(key=f"s1b{place}", title=f"Metric {place}", value=place, text=str(place))]
               for place in range(1, 7)}  # fmt: skip
    asked, together, four = [], Barrier(3), Event()

    def slow(facts: Facts, parts: object) -> Narration:
        """Nobody is answered before two others have been asked; the first to be asked answers last."""
        asked.append(facts.metrics[0])
        together.wait(20)
        if facts.metrics == ["Metric 1"]:
            four.wait(0.05)
        return Narration(sentences=[Sentence(part="summary", text=f"{facts.metrics[0]} was told.")], model="m-1")

    sections = [{"blocks": [{"kind": "narrative", "about": "section"}, stat("commits_count")]} for _ in range(6)]
    plan = read_plan({"title": "Told", "sections": sections})
    keyed = {f"s{place}b2": figures[f"s1b{place}"] for place in range(1, 7)}

    found = narrated(plan, Telling(keyed, {}, "", "", slow))

    told = [found.figures[f"s{place}b1"][0] for place in range(1, 7)]
    assert [one.markdown for one in told if isinstance(one, Prose)] == [f"Metric {n} was told." for n in range(1, 7)]
    assert sorted(asked) == [f"Metric {n}" for n in range(1, 7)]

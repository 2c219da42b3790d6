"""Report files in the app: checked, shown, saved, run by the worker's code, and edited again as they were written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.base.errors import BadInput, NotAllowed
from core.context import Context
from core.figures import Stat
from core.reports import reading as results
from core.reports import service
from core.reports.code import drafts
from core.reports.plan import PlanDatasource, ReportPlan
from tests.catalogue.factories import History

FILE = """\
# ours
title: Ours
start_date: 2026-03-02
end_date: 2026-03-09
datasources:
  us: {plugin: metrics}
views:
  commits:
    plugin: single_stat
    title: Commits
    args: {datasource: us, query: commits_count}
"""
INLINE = FILE.replace("{plugin: metrics}", "{plugin: sql, args: {driver: sqlite, database: /etc/passwd}}")


@pytest.fixture
def worked(ctx: Context) -> Context:
    """ann committed twice in the week."""
    history = History(ctx)
    history.person("ann")
    for when in ("2026-03-03 09:00", "2026-03-04 09:00"):
        history.commit("ann", when)
    return history.ingest()


def said(ctx: Context, text: str) -> list[tuple[str, int, str]]:
    return [(one.level, one.place.line, one.sentence) for one in drafts.drafted(ctx, text).problems]


def test_a_sound_file_has_no_problems_and_a_plan(ctx: Context) -> None:
    draft = drafts.drafted(ctx, FILE)

    assert draft.problems == ()
    assert draft.plan
    assert draft.plan.title == "Ours"


def test_a_datasource_that_nobody_registered_is_refused_at_its_line(ctx: Context) -> None:
    ((level, line, sentence),) = said(ctx, INLINE)

    assert (level, line) == ("error", 6)
    assert sentence.startswith("The datasource 'us' (sql) is not registered here. Add it under Connections")


def test_a_plan_by_another_door_cannot_name_one_either(ctx: Context) -> None:
    draft = drafts.drafted(ctx, FILE)
    assert draft.plan
    reaching = {"us": PlanDatasource(plugin="http", args={"url": "http://127.0.0.1/"})}

    with pytest.raises(BadInput, match="is not registered here"):
        service.create(ctx, "Sly", plan=draft.plan.model_copy(update={"datasources": reaching}))


def test_the_servers_variables_are_not_the_authors(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_TEST_SECRET", "hush")
    text = FILE.replace("title: Ours", "title: ${SIGHTLINE_TEST_SECRET}")

    draft = drafts.drafted(ctx, text)

    assert draft.plan
    assert draft.plan.title == "${SIGHTLINE_TEST_SECRET}"
    assert "hush" not in draft.plan.model_dump_json()
    assert [level for level, _, _ in said(ctx, text)] == ["warning"]


def test_outputs_are_for_the_command_and_that_is_said(ctx: Context) -> None:
    text = FILE + "outputs:\n  box: {plugin: static, args: {output_dir: /tmp/x, formats: [csv]}}\n"

    draft = drafts.drafted(ctx, text)

    assert draft.plan is not None
    assert draft.formats == ("csv",)
    assert any(level == "warning" and "schedule sends them by e-mail" in text for level, _, text in said(ctx, text))


def test_a_connection_that_is_not_there_fails_in_its_place(ctx: Context) -> None:
    draft = drafts.drafted(ctx, FILE.replace("{plugin: metrics}", "{connection: warehouse}"))

    with pytest.raises(Exception, match="warehouse"):
        drafts.preview(ctx, draft)


def test_a_preview_shows_todays_numbers_and_keeps_nothing(worked: Context) -> None:
    built = drafts.preview(worked, drafts.drafted(worked, FILE))

    (figure,) = built.document.figures()
    assert isinstance(figure, Stat)
    assert figure.value == 2
    assert service.reports(worked) == []


def test_a_saved_file_runs_and_is_edited_as_it_was_written(worked: Context, house) -> None:  # type: ignore[no-untyped-def]
    report = drafts.save(worked, FILE)
    run = service.run_now(worked, report.id)
    service.execute(house, worked.workspace.id, run.id)

    ended = service.run(worked, run.id)
    assert (ended.status, ended.failures) == ("success", ())
    (figure,) = results.document(worked, run.id).figures()
    assert isinstance(figure, Stat)
    assert (figure.value, figure.title) == (2, "Commits")
    assert drafts.source(worked, report.id).text == FILE
    assert service.get(worked, report.id).is_file


def test_a_change_keeps_the_report_and_its_history(worked: Context) -> None:
    report = drafts.save(worked, FILE)

    changed = drafts.save(worked, FILE.replace("title: Ours", "title: Theirs"), report_id=report.id)

    assert (changed.id, changed.name) == (report.id, "Theirs")
    assert drafts.source(worked, report.id).text.startswith("# ours\ntitle: Theirs")


def test_a_report_made_by_the_form_becomes_a_file_that_names_what_it_cannot_say(worked: Context) -> None:
    report = service.create(worked, "By form", {"metrics": ["commits_count"]})

    made = drafts.source(worked, report.id)

    assert "the comparison with 'period before'." in made.lost
    draft = drafts.drafted(worked, made.text)
    assert isinstance(draft.plan, ReportPlan), draft.problems
    assert drafts.preview(worked, draft).failures == ()


def test_an_unfinished_file_is_not_saved(ctx: Context) -> None:
    with pytest.raises(BadInput, match="The file is not finished: line 6: The datasource 'us'"):
        drafts.save(ctx, INLINE)
    assert service.reports(ctx) == []


@pytest.mark.parametrize("verb", [drafts.drafted, drafts.save])
def test_a_viewer_writes_no_files(acting: Callable[[str], Context], verb: Callable[[Context, str], object]) -> None:
    with pytest.raises(NotAllowed):
        verb(acting("viewer"), FILE)

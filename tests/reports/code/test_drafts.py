"""Report files in the app: checked, shown, saved, run by the worker's code, and edited again as they were written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.base.errors import BadInput, NotAllowed
from core.connections import service as connections
from core.context import Context
from core.figures import Stat
from core.reports import reading as results
from core.reports import service
from core.reports.code import drafts
from core.reports.code.writing import written
from core.reports.plan import PlanDatasource, PlanOutput, ReportPlan
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


def test_a_folder_becomes_files_kept_with_each_run_and_that_is_said(ctx: Context) -> None:
    text = FILE + "outputs:\n  box: {plugin: static, args: {output_dir: /tmp/x, formats: [csv]}}\n"

    draft = drafts.drafted(ctx, text)

    assert draft.plan is not None
    assert draft.formats == ("csv",)
    assert said(ctx, text) == [
        ("warning", 13, "The output 'box' (static) writes no folder here: its files are kept with each run.")
    ]


SLACK = "outputs:\n  chat: {connection: team-slack, args: {channels: '#ops'}}\n"


@pytest.fixture
def chat(ctx: Context) -> None:
    connections.create(ctx, "team-slack", "slack", {"api_token": "xoxb-1"})
    connections.create(ctx, "web", "scp", {"host": "web", "remote_path": "/srv/www", "password": "p"})


def test_an_output_with_settings_of_its_own_is_refused_at_its_line(ctx: Context) -> None:
    text = FILE + "outputs:\n  mail: {plugin: smtp, args: {email_from: a@example.org, email_to: b@example.org}}\n"

    ((level, line, sentence),) = said(ctx, text)

    assert (level, line) == ("error", 13)
    assert sentence == (
        "In the app an output names a connection, and 'mail' (smtp) brings settings of its own. Add it under"
        " Connections and write 'connection: NAME' in place of its plugin and args; or run the file by the command,"
        " where its own settings are used."
    )


@pytest.mark.usefixtures("chat")
@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("{connection: teamslack}", "There is no connection named 'teamslack' in 'Acme'. Did you mean 'team-slack'?"),
        ("{connection: team-slack}", "'outputs.chat.args.channels' is missing."),
        (
            "{connection: team-slack, args: {channels: '#ops', api: 'https://evil.example'}}",
            "'api' belongs to the connection 'team-slack', so that its secrets stay where they are. Take it out, or"
            " have a manager change it under Connections.",
        ),
        (
            "{connection: team-slack, args: {chanels: '#ops'}}",
            "There is no argument named 'outputs.chat.args.chanels'. Did you mean 'channels'?",
        ),
        (
            "{connection: web, args: {remote_path: ../../etc}}",
            "'remote_path' is counted from '/srv/www' of the connection. Write it without '..' and '/'.",
        ),
        (
            "{connection: web, plugin: scp}",
            "The output 'chat' names both a plugin and a connection. Keep one.",
        ),
        ("{args: {}}", "The output 'chat' names neither a plugin nor a connection."),
    ],
)
def test_what_is_wrong_with_an_output_is_told_at_its_place(ctx: Context, entry: str, sentence: str) -> None:
    problems = drafts.drafted(ctx, f"{FILE}outputs:\n  chat: {entry}\n").problems

    assert sentence in [one.sentence for one in problems]
    assert {one.place.line for one in problems} == {13}


@pytest.mark.usefixtures("chat")
def test_a_file_with_outputs_is_exported_and_read_again_with_them(ctx: Context) -> None:
    draft = drafts.drafted(ctx, FILE + SLACK)
    assert draft.problems == ()
    assert draft.plan
    assert draft.plan.outputs == {"chat": PlanOutput(connection="team-slack", args={"channels": "#ops"})}

    again = drafts.drafted(ctx, written(draft.plan.model_copy(update={"file": ""})).text)

    assert again.plan
    assert again.plan.outputs == draft.plan.outputs
    assert written(draft.plan).text == FILE + SLACK


@pytest.mark.usefixtures("chat")
def test_a_plan_by_another_door_brings_no_output_of_its_own(ctx: Context) -> None:
    plan = drafts.drafted(ctx, FILE + SLACK).plan
    assert plan
    own = {"mail": PlanOutput(plugin="smtp", args={"email_from": "a@example.org", "email_to": "b@example.org"})}

    with pytest.raises(BadInput, match="In the app an output names a connection"):
        service.create(ctx, "Sly", plan=plan.model_copy(update={"outputs": own}))


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

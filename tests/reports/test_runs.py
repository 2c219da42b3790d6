"""Runs: as the owner, once, frozen; a part that fails is told in its place."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.access import users, workspaces
from core.base.errors import Conflict, NotAllowed, NotFound, StorageFull
from core.bootstrap import House
from core.context import Context
from core.exports import service as exports
from core.exports.models import ExportJob
from core.figures import Notice, Stat
from core.people import service as people
from core.reports import exporting, reading, runs, service
from core.reports.models import ReportRun
from core.reports.views import RunView
from core.stores.app import work
from core.stores.files import LocalFiles
from core.widgets import WIDGETS, Params, Widget
from tests.reports.conftest import FORMATS, World, drained

Finish = Callable[..., RunView]
Users = Callable[..., Context]
MARCH = "2026-03-01..2026-03-10"


def a_report(ctx: Context, **parameters: Any) -> str:
    """A report with the default plan."""
    chosen = {"date_range": MARCH, "metrics": ["commits_count", "prs_merged"], "formats": FORMATS}
    return service.create(ctx, "Weekly", {**chosen, **parameters}).id


def a_small_report(ctx: Context) -> str:
    """A report with a plan of one number."""
    blocks = [{"widget": "metric.stat", "params": {"metric": "commits_count", "spark": False}}]
    plan = {"title": "Weekly", "window": {"range": MARCH}, "sections": [{"title": "At a glance", "blocks": blocks}]}
    return service.create(ctx, "Weekly", {"formats": FORMATS}, plan=plan).id


def test_a_run_freezes_its_numbers(world: World, finish: Finish) -> None:
    report_id = a_report(world.ctx)

    run = finish(world.ctx, service.run_now(world.ctx, report_id))

    assert (run.status, run.error, run.attempt, run.triggered_by) == ("success", None, 1, "manual")
    document = reading.document(world.ctx, run.id)
    commits = next(figure for figure in document.figures() if isinstance(figure, Stat))
    assert (commits.value, commits.text) == (18, "18")
    assert document.period_label == "1 Mar 2026 – 10 Mar 2026"
    assert document.comparison_label == "19 Feb 2026 – 28 Feb 2026"
    assert "18" in reading.markdown(world.ctx, run.id)
    report = service.get(world.ctx, report_id)
    assert (report.last_run_status, report.last_run_at) == ("success", run.finished_at)


def test_a_default_plan_reads_from_the_answer_to_the_reasons(world: World, finish: Finish) -> None:
    run = finish(world.ctx, service.run_now(world.ctx, a_report(world.ctx)))

    titles = [section.title for section in reading.document(world.ctx, run.id).sections]
    assert titles == [
        "Summary", "At a glance", "What changed", "Trends", "By team", "By repository", "All figures", "About the data",
    ]  # fmt: skip


def test_every_number_has_its_provenance(world: World, finish: Finish) -> None:
    run = finish(world.ctx, service.run_now(world.ctx, a_report(world.ctx)))

    with world.ctx.app.reading() as session:
        records = session.get_one(ReportRun, run.id).provenance_records
    assert len(records) >= 6
    words = [record for record in records if record["grounds"]]
    assert [record["block"] for record in words] == ["Narrative"]
    for record in (one for one in records if one not in words):
        assert record["block"]
        assert len(record["query_hash"]) == 64
        assert record["metrics"]
        assert record["parameters"]
    assert records == reading.provenance(world.ctx, run.id)


def test_a_block_names_its_own_numbers_and_not_those_asked_along_with_them(world: World, finish: Finish) -> None:
    blocks = [
        {"widget": "metric.stat", "params": {"metric": key, "spark": False}} for key in ("commits_count", "lines_added")
    ]
    plan = {"title": "Two", "window": {"range": MARCH}, "sections": [{"blocks": blocks}]}
    made = service.create(world.ctx, "Two", {"formats": FORMATS}, plan=plan)

    run = finish(world.ctx, service.run_now(world.ctx, made.id))

    records = reading.provenance(world.ctx, run.id)
    told = {(record["block"], *record["metrics"]) for record in records}  # type: ignore[misc]
    assert told == {("Commits", "commits_count@1"), ("Lines added", "lines_added@1")}
    (whole,) = {tuple(one.metrics) for one in reading.document(world.ctx, run.id).sources() if one.rows}
    assert whole == ("commits_count@1", "lines_added@1")


def test_a_run_asks_each_question_once_however_many_blocks_need_it(world: World, finish: Finish) -> None:
    block = {"widget": "metric.stat", "params": {"metric": "commits_count"}}
    plan = {"title": "Same", "window": {"range": MARCH}, "sections": [{"blocks": [block] * 8}]}
    made = service.create(world.ctx, "Same", {"formats": FORMATS}, plan=plan)

    run = finish(world.ctx, service.run_now(world.ctx, made.id))

    with world.ctx.app.reading() as session:
        records = session.get_one(ReportRun, run.id).provenance_records
    asked = {(record["query_hash"], record["asked_at"]) for record in records}
    assert len(records) >= 8
    assert len(asked) == len({query for query, _ in asked})


def test_a_block_that_fails_becomes_a_notice_and_the_run_is_partial(world: World, finish: Finish, failing: str) -> None:
    blocks = [{"widget": "metric.stat", "params": {"metric": "commits_count"}}, {"widget": failing, "columns": 3}]
    plan = {"title": "Broken", "window": {"range": MARCH}, "sections": [{"title": "All", "blocks": blocks}]}
    made = service.create(world.ctx, "Broken", {"formats": FORMATS}, plan=plan)

    run = finish(world.ctx, service.run_now(world.ctx, made.id))

    assert run.status == "partial"
    assert run.error == f"1 part is missing: {run.failures[0]}"
    stat, notice = reading.document(world.ctx, run.id).figures()
    assert isinstance(stat, Stat)
    assert isinstance(notice, Notice)
    assert (notice.title, notice.columns, notice.level) == ("Fails", 3, "error")
    assert "ZeroDivisionError" in notice.text
    assert "division by zero" not in notice.text


def test_a_run_of_which_nothing_could_be_made_fails(world: World, finish: Finish, failing: str) -> None:
    plan = {"title": "Broken", "sections": [{"blocks": [{"widget": failing}]}]}
    made = service.create(world.ctx, "Broken", {"formats": FORMATS}, plan=plan)
    asked = service.run_now(world.ctx, made.id)

    with pytest.raises(ZeroDivisionError):
        finish(world.ctx, asked)

    run = service.run(world.ctx, asked.id)
    assert (run.status, run.fault) == ("failed", "system")
    assert service.get(world.ctx, made.id).last_run_status == "failed"


def test_run_now_twice_is_one_run(world: World) -> None:
    report_id = a_small_report(world.ctx)

    assert service.run_now(world.ctx, report_id).id == service.run_now(world.ctx, report_id).id


def test_the_same_task_twice_is_one_result(world: World, house: House) -> None:
    run = service.run_now(world.ctx, a_small_report(world.ctx))
    for _ in range(3):
        service.execute(house, world.ctx.workspace.id, run.id)

    ended = service.run(world.ctx, run.id)
    assert (ended.status, ended.attempt) == ("success", 1)
    assert len(exports.exports(world.ctx, run_id=run.id)) == len(FORMATS)


def test_a_worker_that_comes_back_late_writes_nothing(world: World, house: House) -> None:
    run = service.run_now(world.ctx, a_small_report(world.ctx))
    with world.ctx.app.session() as session:
        work.claim(session, ReportRun, run.id, "slow worker", house.clock())
    later = replace(house, clock=lambda: house.clock() + timedelta(minutes=5))

    service.execute(later, world.ctx.workspace.id, run.id, "second worker")

    with pytest.raises(Exception, match="taken over"), world.ctx.app.session() as session:
        work.finish(session, ReportRun, run.id, 1, "failed", later.clock())
    ended = service.run(world.ctx, run.id)
    assert (ended.status, ended.attempt) == ("success", 2)
    assert len(exports.exports(world.ctx, run_id=run.id)) == len(FORMATS)


def test_a_report_covers_the_days_it_was_due_for_however_late_it_runs(world: World, house: House) -> None:
    report_id = a_report(world.ctx, date_range="last_7_days")
    with world.ctx.app.session() as session:
        row = runs.begin(session, world.ctx, report_id, as_of=house.clock() - timedelta(days=3))

    service.execute(house, world.ctx.workspace.id, row.id)

    assert reading.document(world.ctx, row.id).period_label == "1 Mar 2026 – 7 Mar 2026"


def test_files_are_kept_for_every_format_that_was_chosen(world: World, finish: Finish) -> None:
    run = finish(world.ctx, service.run_now(world.ctx, a_small_report(world.ctx)))

    kept = exports.exports(world.ctx, run_id=run.id)

    assert sorted(one.format for one in kept) == sorted(FORMATS)
    for one in kept:
        assert one.status == "success"
        assert one.file_size_bytes == len(exports.content(world.ctx, one.id).content)


class FullDisk(LocalFiles):
    """A disk with room for one file."""

    def put(self, key: str, content: bytes) -> Any:
        if any(self.root.rglob("*.*")):
            with self.writing(key):
                raise OSError(errno.ENOSPC, "No space left on device")
        return super().put(key, content)


def test_a_full_disk_fails_the_run_and_leaves_nothing_behind(world: World, house: House, tmp_path: Path) -> None:
    full = replace(house, files=FullDisk(tmp_path / "full"))
    run = service.run_now(world.ctx, a_small_report(world.ctx))

    with pytest.raises(StorageFull):
        service.execute(full, world.ctx.workspace.id, run.id)

    ended = service.run(world.ctx, run.id)
    assert (ended.status, ended.fault) == ("failed", "system")
    assert ended.error and "no room left" in ended.error
    assert not [path for path in (tmp_path / "full").rglob("*") if path.is_file()]
    assert exports.exports(world.ctx, run_id=run.id) == []
    with pytest.raises(NotFound):
        reading.document(world.ctx, run.id)


def test_a_report_runs_with_the_rights_of_its_owner(world: World, user: Users, finish: Finish) -> None:
    hidden = replace(world.ctx, workspace=replace(world.ctx.workspace, individuals="managers"))
    with world.ctx.app.session() as session:
        session.execute(sa.text("UPDATE workspaces SET individuals = 'managers'"))
    member, manager = user("mia"), user("max", "manager")
    own = a_report(member, scope="team", teams=["Atlas"])
    theirs = a_report(manager, scope="team", teams=["Atlas"])

    by_member = finish(hidden, service.run_now(world.ctx, own))
    by_manager = finish(hidden, service.run_now(world.ctx, theirs))

    def titles(run: RunView) -> list[str]:
        return [section.title for section in reading.document(hidden, run.id).sections]

    assert "By person" not in titles(by_member)
    assert "By person" in titles(by_manager)
    assert by_manager.is_individual


def test_readers_who_may_not_see_individuals_get_those_parts_hidden(world: World, user: Users, finish: Finish) -> None:
    with world.ctx.app.session() as session:
        session.execute(sa.text("UPDATE workspaces SET individuals = 'managers'"))
    closed = replace(world.ctx.workspace, individuals="managers")
    roles = {"max": "manager", "mia": "member", "vic": "viewer"}
    manager, member, viewer = (replace(user(name, role), workspace=closed) for name, role in roles.items())
    run = finish(manager, service.run_now(manager, a_report(manager, scope="team", teams=["Atlas"])))

    assert "Ann" in reading.markdown(manager, run.id)
    for reader in (member, viewer):
        text = reading.markdown(reader, run.id)
        assert "Ann" not in text
        assert reading.HIDDEN in text
    assert b"Ann" not in exporting.download(member, run.id, "markdown").content
    assert b"Ann" not in exporting.download(member, run.id, "json").content
    assert b"Ann" in exporting.download(manager, run.id, "markdown").content
    (kept,) = [one for one in exports.exports(member, run_id=run.id) if one.format == "json"]
    with pytest.raises(NotAllowed, match="individuals"):
        exports.content(member, kept.id)
    with pytest.raises(NotAllowed):
        exporting.download(viewer, run.id, "markdown")


def test_a_disabled_owner_pauses_the_report_and_an_admin_can_take_it_over(
    world: World, user: Users, finish: Finish
) -> None:
    mia, ada = user("mia"), user("ada", "admin")
    report_id = a_small_report(mia)
    asked = service.run_now(mia, report_id)
    users.set_active(world.ctx, "mia", False)

    with pytest.raises(NotAllowed, match="paused"):
        finish(world.ctx, asked)

    run, report = service.run(world.ctx, asked.id), service.get(ada, report_id)
    assert (run.status, run.fault) == ("failed", "user")
    assert (report.is_active, report.last_run_status) == (False, "failed")
    assert "may no longer run it" in report.paused_reason
    with pytest.raises(Conflict, match="paused"):
        service.run_now(ada, report_id)
    service.take_over(ada, report_id)
    assert finish(ada, service.run_now(ada, report_id)).status == "success"


def test_a_team_that_is_gone_is_told_in_the_document(world: World, finish: Finish) -> None:
    report_id = a_report(world.ctx, scope="team", teams=["Atlas", "Borealis"])
    people.delete_team(world.ctx, world.teams["Borealis"])

    run = finish(world.ctx, service.run_now(world.ctx, report_id))

    assert run.status == "partial"
    (notice,) = reading.document(world.ctx, run.id).notices
    assert "'Borealis' no longer exists" in notice.text


def test_a_report_about_a_team_that_is_gone_does_not_become_everybodys(world: World, house: House) -> None:
    report_id = a_report(world.ctx, scope="team", teams=["Atlas"])
    people.delete_team(world.ctx, world.teams["Atlas"])
    run = service.run_now(world.ctx, report_id)

    with pytest.raises(Exception, match="'Atlas' no longer exists"):
        service.execute(house, world.ctx.workspace.id, run.id)

    assert service.run(world.ctx, run.id).status == "failed"


def test_a_cancelled_run_is_not_made(world: World, house: House) -> None:
    run = service.run_now(world.ctx, a_small_report(world.ctx))

    service.cancel(world.ctx, run.id)
    service.execute(house, world.ctx.workspace.id, run.id)

    assert service.run(world.ctx, run.id).status == "cancelled"


def test_a_scheduled_run_tells_its_schedule_until_it_was_heard(world: World, house: House) -> None:
    with world.ctx.app.session() as session:
        row = runs.begin(
            session,
            world.ctx,
            a_small_report(world.ctx),
            as_of=house.clock(),
            triggered_by="scheduler",
            occurrence_id="o1",
        )
    call = ("run_finished", (world.ctx.workspace.id, row.id))

    service.execute(house, world.ctx.workspace.id, row.id)
    assert list(drained(house)) == [call]
    runs.remind(house)
    assert list(drained(house)) == [call]

    runs.announced(house, world.ctx.workspace.id, row.id)
    runs.remind(house)
    assert list(drained(house)) == []


def test_another_format_is_made_from_the_frozen_document(world: World, finish: Finish) -> None:
    run = finish(world.ctx, service.run_now(world.ctx, a_small_report(world.ctx)))

    made = exporting.artifact(world.ctx, run.id, "html")
    again = exporting.artifact(world.ctx, run.id, "html")

    assert made.id == again.id
    assert b"<html" in exports.content(world.ctx, made.id).content
    with world.ctx.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ExportJob)) == len(FORMATS) + 1


@pytest.fixture
def failing() -> Iterator[str]:
    """The key of a widget that has a fault."""

    def build(ctx: Context, scope: object, params: Params) -> Stat:
        return Stat(value=1 / 0)

    widget = WIDGETS.add(Widget("test.fails", "Fails", "Always.", "stat", Params, build))
    yield widget.key
    del WIDGETS._kinds[widget.key]


def test_a_team_of_one_is_hidden_from_those_who_may_not_see_individuals(
    world: World, user: Users, finish: Finish
) -> None:
    (bobs,) = people.memberships(world.ctx, person_id=world.persons["bob"])
    people.end_membership(world.ctx, bobs.id, date(2026, 1, 2))
    with world.ctx.app.session() as session:
        session.execute(sa.text("UPDATE workspaces SET individuals = 'managers'"))
    closed = replace(world.ctx.workspace, individuals="managers")
    manager, viewer = (replace(user(name, name), workspace=closed) for name in ("manager", "viewer"))
    report = a_report(manager, scope="team", teams=["Atlas"], name_people=False)

    run = finish(manager, service.run_now(manager, report))

    assert run.is_individual
    figures = [figure for section in reading.document(viewer, run.id).sections for figure in section.blocks]
    assert {figure.text for figure in figures if figure.shape == "notice"} >= {reading.HIDDEN}
    drawn = [figure.title for figure in figures if figure.shape in ("stat", "series", "table")]
    assert drawn == ["What is collected"]


def test_a_run_says_since_when_its_days_would_tell_other_numbers(world: World, finish: Finish) -> None:
    run = finish(world.ctx, service.run_now(world.ctx, a_small_report(world.ctx)))
    later = world.ctx.clock() + timedelta(hours=1)

    def changed(first: date | None, last: date | None) -> bool:
        with world.ctx.app.session() as session:
            workspaces.data_changed(session, world.ctx.workspace.id, later, "import", first, last)
        return runs.changed_since(world.ctx, run) is not None

    assert runs.changed_since(world.ctx, run) is None
    assert not changed(date(2026, 2, 1), date(2026, 2, 28))
    assert not changed(date(2026, 3, 11), None)
    assert changed(date(2026, 3, 10), date(2026, 3, 12))
    assert runs.changed_since(world.ctx, run) == later

"""Exports: kept files, links that are one person's and end, and a sweep that leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.access import users, workspaces
from core.base.errors import BadInput, NotAllowed, NotFound, StorageFull
from core.bootstrap import House
from core.context import Context
from core.exports import service as exports
from core.exports.models import ExportJob
from core.reports import exporting, service
from core.stores.files import LocalFiles
from tests.reports.conftest import FORMATS, World, drained, finish, user, world

__all__ = ["finish", "user", "world"]
Users = Callable[..., Context]
MARCH = "2026-03-01..2026-03-10"


@pytest.fixture
def kept(world: World, house: House, user: Users) -> tuple[Context, str]:
    """A member, and the id of a Markdown file of a report's run."""
    mia = user("mia")
    report = service.create(mia, "Weekly", {"date_range": MARCH, "formats": FORMATS, "metrics": ["commits_count"]})
    run = service.run_now(mia, report.id)
    service.execute(house, mia.workspace.id, run.id)
    found = next(one for one in exports.exports(mia, run_id=run.id) if one.format == "markdown")
    return mia, found.id


def make(house: House, export_id: str) -> None:
    for task, args in drained(house):
        assert task == "export"
        exporting.execute(house, *map(str, args))


def test_a_developers_profile_is_made_by_the_worker(world: World, house: House) -> None:
    asked = exporting.request_profile(world.ctx, "Ann", "markdown", date_range=MARCH)
    assert exports.get(world.ctx, asked).status == "pending"

    make(house, asked)

    job = exports.get(world.ctx, asked)
    assert (job.status, job.export_type, job.error) == ("success", "developer_profile", None)
    text = exports.content(world.ctx, asked).content.decode()
    assert "Profile of Ann" in text
    assert job.file_size_bytes == len(text.encode())
    assert job.expires_at == house.clock() + timedelta(days=30)


def test_a_teams_figures_are_made_by_the_worker(world: World, house: House) -> None:
    asked = exporting.request_team(world.ctx, "atlas", "csv", date_range=MARCH)

    make(house, asked)

    file = exports.content(world.ctx, asked)
    assert file.name.endswith(".zip")
    assert file.content.startswith(b"PK")


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda ctx: exporting.request_profile(ctx, "Anne", "csv"), "no person named 'Anne'. Did you mean 'Ann'"),
        (lambda ctx: exporting.request_team(ctx, "Atlass", "csv"), "no team named 'Atlass'. Did you mean 'Atlas'"),
        (lambda ctx: exporting.request_team(ctx, "Atlas", "xslx"), "no format 'xslx'. Did you mean 'xlsx'"),
        (lambda ctx: exports.request(ctx, "reports", "csv", {}), "no export 'reports'. Did you mean 'report'"),
    ],
)
def test_what_cannot_be_exported_is_named(world: World, ask: Callable[[Context], str], sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        ask(world.ctx)

    assert sentence in caught.value.message
    assert exports.exports(world.ctx) == []


def test_a_link_opens_for_the_user_it_was_made_for(kept: tuple[Context, str], house: House) -> None:
    mia, export_id = kept

    file = exports.open_download(house, exports.sign(mia, export_id), mia.actor.user_id)

    assert file.name.startswith("weekly-1-mar-2026")
    assert b"Weekly" in b"".join(file.pieces)


def test_a_link_opens_for_nobody_else(kept: tuple[Context, str], house: House, user: Users) -> None:
    mia, export_id = kept
    token = exports.sign(mia, export_id)

    for reader in (user("max", "manager").actor.user_id, ""):
        with pytest.raises(NotAllowed, match="somebody else"):
            exports.open_download(house, token, reader)


def test_a_forged_link_opens_nothing(kept: tuple[Context, str], house: House) -> None:
    mia, export_id = kept
    token = exports.sign(mia, export_id)

    for forged in (token[:-2], token[::-1], "", "e30.abc"):
        with pytest.raises(NotFound, match="not valid"):
            exports.open_download(house, forged, mia.actor.user_id)


def test_a_link_ends(kept: tuple[Context, str], house: House) -> None:
    mia, export_id = kept
    token = exports.sign(mia, export_id)
    later = replace(house, clock=lambda: house.clock() + timedelta(days=8))

    with pytest.raises(NotFound, match="expired"):
        exports.open_download(later, token, mia.actor.user_id)


def test_a_link_of_somebody_who_left_opens_nothing(kept: tuple[Context, str], house: House) -> None:
    mia, export_id = kept
    token = exports.sign(mia, export_id)
    users.set_active(house.context(mia.workspace), "mia", False)

    with pytest.raises(NotAllowed):
        exports.open_download(house, token, mia.actor.user_id)


def test_a_link_of_somebody_who_may_no_longer_export_opens_nothing(kept: tuple[Context, str], house: House) -> None:
    mia, export_id = kept
    token = exports.sign(mia, export_id)
    users.set_role(house.context(mia.workspace), "mia", "viewer")

    with pytest.raises(NotAllowed, match="may not export"):
        exports.open_download(house, token, mia.actor.user_id)


def test_another_workspace_gets_no_file(kept: tuple[Context, str], house: House) -> None:
    _, export_id = kept
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))

    for reach in (exports.get, exports.content, exports.sign):
        with pytest.raises(NotFound):
            reach(other, export_id)
    assert exports.exports(other) == []


def test_the_files_of_a_private_report_are_as_private_as_the_report(
    kept: tuple[Context, str], world: World, house: House, user: Users
) -> None:
    mia, export_id = kept
    max_ = user("max", "manager")
    token = exports.sign(max_, export_id)
    service.update(mia, service.find(mia, "Weekly").id, visibility="private")

    for reach in (exports.get, exports.content, exports.sign):
        with pytest.raises(NotFound, match="no such export"):
            reach(max_, export_id)
    with pytest.raises(NotFound, match="no such export"):
        exports.open_download(house, token, max_.actor.user_id)
    assert exports.exports(max_) == []
    for reader in (mia, user("root", "admin"), world.ctx):
        assert b"Weekly" in exports.content(reader, export_id).content
        assert b"".join(exports.open_download(house, exports.sign(mia, export_id), mia.actor.user_id).pieces)


def test_the_files_of_a_deleted_report_go_and_come_back_with_it(kept: tuple[Context, str]) -> None:
    mia, export_id = kept
    report = service.find(mia, "Weekly").id
    service.delete(mia, report)

    with pytest.raises(NotFound):
        exports.content(mia, export_id)

    service.restore(mia, report)
    assert exports.content(mia, export_id).content


def test_a_file_that_shows_individuals_is_neither_given_nor_signed_where_they_are_hidden(
    world: World, house: House, user: Users
) -> None:
    asked = exporting.request_profile(world.ctx, "Ann", "json", date_range=MARCH)
    make(house, asked)
    mia = user("mia")
    hiding = replace(mia, workspace=replace(mia.workspace, individuals="managers"))

    for reach in (exports.content, exports.sign):
        assert reach(mia, asked)
        with pytest.raises(NotAllowed, match="individuals"):
            reach(hiding, asked)


def test_the_sweep_removes_file_and_row(kept: tuple[Context, str], house: House) -> None:
    mia, export_id = kept
    key = exports.get(mia, export_id).file_path
    later = replace(house, clock=lambda: house.clock() + timedelta(days=31))
    assert exports.sweep(house) == 0
    assert house.files.path(key)

    assert exports.sweep(later) == len(FORMATS)

    assert house.files.path(key) is None
    with mia.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ExportJob)) == 0


def test_a_file_whose_time_is_over_is_not_given_even_before_the_sweep(kept: tuple[Context, str], house: House) -> None:
    mia, export_id = kept
    late = replace(mia, clock=lambda: house.clock() + timedelta(days=31))

    with pytest.raises(NotFound, match="time is over"):
        exports.content(late, export_id)


class NoRoom(LocalFiles):
    def put(self, key: str, content: bytes) -> object:  # type: ignore[override]
        raise StorageFull("There is no room left to keep the file. Free some space and run it again.")


def test_a_full_disk_fails_the_export_with_its_sentence(world: World, house: House) -> None:
    asked = exporting.request_team(world.ctx, "Atlas", "json", date_range=MARCH)
    full = replace(house, files=NoRoom(house.settings.home / "nowhere"))

    with pytest.raises(StorageFull):
        exporting.execute(full, world.ctx.workspace.id, asked)

    job = exports.get(world.ctx, asked)
    assert job.status == "failed"
    assert job.error and "no room left" in job.error
    with pytest.raises(NotFound, match="no room left"):
        exports.content(world.ctx, asked)


def test_an_export_runs_with_the_rights_of_whoever_asked(world: World, house: House, user: Users) -> None:
    mia = user("mia")
    asked = exporting.request_profile(mia, "Ann", "json", date_range=MARCH)
    users.set_role(world.ctx, "mia", "viewer")

    with pytest.raises(NotAllowed):
        make(house, asked)

    assert exports.get(world.ctx, asked).status == "failed"


def test_a_viewer_exports_nothing(world: World, user: Users) -> None:
    with pytest.raises(NotAllowed):
        exporting.request_team(user("vic", "viewer"), "Atlas", "csv")

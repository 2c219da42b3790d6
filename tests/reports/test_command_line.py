"""`sightline report` and `sightline export`, as a shell would call them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from core.base.errors import BadInput, NotAllowed, NotFound, SightlineError
from core.bootstrap import House
from core.context import Context
from core.entrypoints.cli import export as export_module
from core.entrypoints.cli import files, out
from core.entrypoints.cli import report as report_module
from core.entrypoints.cli import schedule as schedule_module
from core.exports import service as exports
from core.figures import Stat
from core.reports import exporting, service
from core.schedules import service as schedules
from core.widgets import WIDGETS, Params, Widget
from tests.reports.conftest import World

Shell = Callable[..., Result]


@pytest.fixture
def shell(world: World, house: House, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """`shell("report", "list")` calls the command in the workspace of the tests."""
    monkeypatch.setattr(out, "house", lambda: house)
    monkeypatch.setattr(out, "prepare", lambda rooms: None)
    apps = {"report": report_module.app, "export": export_module.app, "schedule": schedule_module.app}

    def call(command: str, *words: str) -> Result:
        return CliRunner().invoke(apps[command], [*words, "--workspace", world.ctx.workspace.slug])

    return call


def rows(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout.splitlines()[-1])["rows"]
    return found


def test_create_list_run_and_export(shell: Shell, tmp_path: Path) -> None:
    made = shell(
        "report", "create", "Weekly", "-m", "Commits", "--range", "2026-03-01..2026-03-10", "-f", "json", "--json"
    )
    assert made.exit_code == 0
    (listed,) = rows(shell("report", "list", "--json"))
    assert (listed["id"], listed["name"], listed["last_run"]) == (rows(made)[0]["id"], "Weekly", None)

    ran = shell("report", "run", "weekly", "--format", "markdown,json", "--out", str(tmp_path), "--json")

    assert ran.exit_code == 0
    (told,) = rows(ran)
    assert (told["status"], told["missing"], len(told["files"])) == ("success", [], 2)
    assert all(Path(file).exists() for file in told["files"])
    exported = shell("report", "export", "Weekly", "--format", "html", "--out", str(tmp_path / "deep" / "er"), "--json")
    assert Path(rows(exported)[0]["file"]).read_text().startswith("<!doctype html>")
    assert [one["triggered_by"] for one in rows(shell("report", "runs", "Weekly", "--json"))] == ["cli"]


@pytest.mark.parametrize(
    ("words", "kind", "sentence"),
    [
        (("create", "Bad", "-m", "comits"), BadInput, "no metric named 'comits'"),
        (("create", "Bad", "--team", "Atlass"), BadInput, "no team named 'Atlass'. Did you mean 'Atlas'?"),
        (("create", "Bad", "--person", "Anne"), BadInput, "no person named 'Anne'. Did you mean 'Ann'?"),
        (("create", "Bad", "--team", "Atlas", "--repo", "app"), BadInput, "choose --team or --repo"),
        (("create", "Bad", "-f", "xslx"), BadInput, "no format 'xslx'. Did you mean 'xlsx'?"),
        (("run", "Weekly"), NotFound, "no report named 'Weekly'"),
    ],
)
def test_bad_input_has_its_sentence_and_its_exit_code(
    shell: Shell, words: tuple[str, ...], kind: type[SightlineError], sentence: str
) -> None:
    result = shell("report", *words)

    assert isinstance(result.exception, kind)
    assert sentence in result.exception.message
    assert kind.exit_code in (2, 4)


def test_a_report_is_cloned_renamed_paused_archived_deleted_and_brought_back_by_name(
    shell: Shell, world: World
) -> None:
    made = service.create(world.ctx, "Weekly", {"metrics": ["commits_count"], "formats": ["json"]})
    shell("schedule", "create", "Weekly", "--to", "team@example.org")
    service.run_now(world.ctx, made.id)

    copy = rows(shell("report", "clone", "weekly", "--json"))[0]
    assert copy["name"] == "Copy of Weekly" and not service.runs(world.ctx, copy["id"])
    assert service.get(world.ctx, copy["id"]).schedule_id is None
    assert service.get(world.ctx, copy["id"]).parameters == made.parameters
    assert rows(shell("report", "clone", "Weekly", "Other", "--json"))[0]["name"] == "Other"
    assert shell("report", "rename", "Other", "Another").stdout == "'Other' is called 'Another' now.\n"

    assert rows(shell("report", "pause", "Another", "--json"))[0]["state"] == "paused"
    assert not service.find(world.ctx, "Another").is_active
    assert shell("report", "resume", "Another").stdout == "'Another' runs again.\n"
    shell("report", "archive", "Another")
    assert rows(shell("report", "archive", "another", "--back", "--json"))[0]["state"] == "active"

    kept = shell("report", "delete", "Another")
    assert (kept.exit_code, service.find(world.ctx, "Another").name) == (1, "Another")
    assert rows(shell("report", "delete", "Another", "--yes", "--json"))[0]["state"] == "deleted"
    near = shell("report", "restore", "Anothre").exception
    assert isinstance(near, NotFound)
    assert near.message == "There is no deleted report named 'Anothre'. Did you mean 'Another'?"
    assert rows(shell("report", "restore", "Another", "--json"))[0]["name"] == "Another"


def test_a_run_is_stopped_by_its_id_or_its_reports_name_and_begun_again(
    shell: Shell, world: World, house: House
) -> None:
    made = service.create(world.ctx, "Weekly", {"metrics": ["commits_count"], "formats": ["json"]})
    first = service.run_now(world.ctx, made.id)

    told = rows(shell("report", "cancel", "Weekly", "--json"))[0]
    assert (told["id"], service.run(world.ctx, first.id).status) == (first.id, "cancelled")
    idle = shell("report", "cancel", "Weekly").exception
    assert isinstance(idle, BadInput) and idle.message.startswith("No run of 'Weekly' waits or runs.")
    second = service.run_now(world.ctx, made.id)
    service.execute(house, world.ctx.workspace.id, second.id)
    again = rows(shell("report", "again", second.id, "--json"))[0]
    assert again["status"] == "pending"
    assert shell("report", "cancel", again["id"]).stdout == "The run of 'Weekly' was stopped.\n"


def test_every_field_of_a_schedule_is_changed_and_what_is_not_said_stays(shell: Shell, world: World) -> None:
    service.create(world.ctx, "Weekly", {"metrics": ["commits_count"], "formats": ["json"]})
    shell("schedule", "create", "Weekly", "--to", "team@example.org", "--zone", "Europe/Berlin", "-f", "pdf")

    def changed(*words: str) -> dict[str, Any]:
        return rows(shell("schedule", "change", "weekly", *words, "--json"))[0]

    told = changed("--cron", "0 8 * * 2", "--only-if", "commits_count > 10", "-f", "xlsx,csv")
    assert (told["when"], told["formats"]) == ("every Tuesday at 08:00 Europe/Berlin", ["xlsx", "csv"])
    assert (told["only_if"], told["to"]) == ("commits_count > 10", ["team@example.org"])
    told = changed("--to", "ann@example.org", "--to", "bo@example.org", "--zone", "UTC", "--only-if", "")
    assert (told["to"], told["only_if"]) == (["ann@example.org", "bo@example.org"], "")
    assert told["when"] == "every Tuesday at 08:00 UTC"
    shell("schedule", "change", "Weekly", "--catch-up", "skip", "--jitter", "60")
    (kept,) = schedules.schedules(world.ctx)
    assert (kept.catch_up, kept.jitter_s, kept.formats) == ("skip", 60, ["xlsx", "csv"])

    for words, sentence in (
        ((), "Say what to change"),
        (("--cron", "banana"), "has 1 field, not five"),
        (("--catch-up", "skp"), "Did you mean 'skip'?"),
        (("--method", "slack"), "Slack"),
    ):
        error = shell("schedule", "change", "Weekly", *words).exception
        assert isinstance(error, SightlineError) and sentence in error.message
    assert schedules.schedules(world.ctx) == [kept]

    shell("schedule", "create", "Weekly", "--to", "eve@example.org")
    several = shell("schedule", "change", "Weekly", "--jitter", "5").exception
    assert isinstance(several, BadInput) and "has 2 schedules" in several.message and kept.id in several.message
    assert rows(shell("schedule", "change", kept.id, "--jitter", "5", "--json"))[0]["id"] == kept.id


def test_files_that_were_asked_for_are_listed_and_stopped(shell: Shell, world: World) -> None:
    waiting = exporting.request_team(world.ctx, "Atlas", "json")

    (listed,) = rows(shell("export", "list", "--json"))
    assert (listed["id"], listed["what"], listed["status"]) == (waiting, "team_analytics", "pending")
    assert shell("export", "cancel", waiting).stdout == "The file is not made.\n"
    assert exports.get(world.ctx, waiting).status == "cancelled"


@pytest.fixture
def failing() -> Iterator[str]:
    def build(ctx: object, scope: object, params: Params) -> Stat:
        return Stat(value=1 / 0)

    widget = WIDGETS.add(Widget("test.cli", "Fails", "Always.", "stat", Params, build))
    yield widget.key
    del WIDGETS._kinds[widget.key]


def test_a_partial_run_ends_with_three_and_names_what_is_missing(shell: Shell, world: World, failing: str) -> None:
    blocks = [{"widget": failing}, {"widget": "metric.stat", "params": {"metric": "commits_count", "spark": False}}]
    service.create(world.ctx, "Half", {"formats": ["json"]}, plan={"title": "Half", "sections": [{"blocks": blocks}]})

    result = shell("report", "run", "Half", "--json")

    assert result.exit_code == 3
    assert rows(result)[0]["missing"][0].startswith("Fails: ")


def test_a_failed_run_ends_with_one(shell: Shell, world: World, failing: str) -> None:
    plan = {"title": "None", "sections": [{"blocks": [{"widget": failing}]}]}
    service.create(world.ctx, "None", {"formats": ["json"]}, plan=plan)

    result = shell("report", "run", "None", "--json")

    assert result.exit_code == 1
    assert rows(result)[0]["status"] == "failed"


def test_a_teams_figures_are_exported_without_a_report(shell: Shell, tmp_path: Path) -> None:
    result = shell("export", "--team", "Atlas", "--format", "json", "--out", str(tmp_path), "--json")

    assert result.exit_code == 0
    assert "Team Atlas" in Path(rows(result)[0]["file"]).read_text()


def test_the_link_of_an_export_opens_the_same_file_for_a_member_and_nobody_else(
    shell: Shell, tmp_path: Path, house: House, user: Callable[..., Context]
) -> None:
    member, viewer = user("mia", "member"), user("vic", "viewer")
    row = rows(shell("export", "--team", "Atlas", "-f", "json", "--link", "--out", str(tmp_path), "--json"))[0]
    address, _, token = row["link"].rpartition("/")

    opened = exports.open_download(house, token, member.actor.user_id)

    assert address.endswith("/download")
    assert b"".join(opened.pieces) == Path(row["file"]).read_bytes()
    with pytest.raises(NotAllowed):
        exports.open_download(house, token, viewer.actor.user_id)
    with pytest.raises(NotAllowed):
        exports.open_download(house, token, "")


def test_a_page_is_exported_by_its_name(shell: Shell, tmp_path: Path) -> None:
    words = ("--page", "overview", "--range", "2026-03-01..2026-03-09", "-f", "json", "--out", str(tmp_path), "--json")
    (file,) = rows(shell("export", *words))

    assert '"Commits"' in Path(file["file"]).read_text()
    with pytest.raises(BadInput, match="Did you mean 'overview'"):
        raise shell("export", "--page", "overvew").exception or AssertionError


def test_an_export_of_nothing_says_what_can_be_exported(shell: Shell) -> None:
    result = shell("export", "--format", "json")

    assert isinstance(result.exception, BadInput)
    assert "--team NAME or --page NAME" in result.exception.message


def test_a_folder_that_is_a_file_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    from core.exports.service import Download

    taken = tmp_path / "taken"
    taken.write_text("mine")

    with pytest.raises(SightlineError, match="taken"):
        files.write(Download(b"x", "a.txt", "text/plain"), taken)

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_deleting_asks_first_and_can_be_undone(shell: Shell, world: World) -> None:
    made = service.create(world.ctx, "Weekly", {"formats": ["json"]})

    assert shell("report", "delete", "Weekly", "--yes").exit_code == 0
    assert service.reports(world.ctx) == []
    assert shell("report", "restore", made.id).exit_code == 0
    assert len(service.reports(world.ctx)) == 1


def test_reports_live_in_a_folder(shell: Shell, world: World, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    assert shell("report", "from", "dora-monthly", "DORA of Atlas", "--team", "Atlas", "--json").exit_code == 0
    assert [row["state"] for row in rows(shell("report", "pull", str(folder), "--json"))] == ["new"]
    file = folder / "dora-of-atlas.yaml"
    pulled = file.read_text()
    assert "- Atlas" in pulled
    assert rows(shell("report", "pull", str(folder), "--json"))[0]["state"] == "same"
    same = shell("report", "diff", str(folder))
    assert (same.exit_code, "as in the app" in same.stdout) == (0, True)

    file.write_text(pulled.replace("range: last_month", "range: last_quarter"))
    (folder / "broken.yaml").write_text("sightline: report/1\nname: [")
    (folder / "else.yaml").write_text("services: {}")
    changed = shell("report", "diff", str(folder))
    assert changed.exit_code == 2
    assert "+    range: last_quarter" in changed.stdout
    pushed = shell("report", "push", str(folder), "--json")
    assert pushed.exit_code == 3
    assert {row["file"]: row["done"] for row in rows(pushed)} == {
        "broken.yaml": "refused", "dora-of-atlas.yaml": "changed",
    }  # fmt: skip
    assert "version: 2" in file.read_text()
    assert shell("report", "validate", str(file)).exit_code == 0
    file.write_text(file.read_text().replace("- Atlas", "- Atlos"))
    wrong = shell("report", "validate", str(file))
    assert (wrong.exit_code, "There is no team named 'Atlos'. Did you mean 'Atlas'?" in wrong.stdout) == (2, True)


def test_versions_shelves_and_templates_by_command(shell: Shell, world: World) -> None:
    made = rows(shell("report", "create", "Weekly", "--json"))[0]["id"]
    service.update(world.ctx, made, description="Two")
    assert "+description: Two" in shell("report", "versions", "Weekly", "--compare", "1").stdout
    assert "name: Weekly" in shell("report", "versions", "Weekly", "--show", "1").stdout
    assert "Nothing differs." in shell("report", "versions", "Weekly", "--compare", "2", "--to", "2").stdout
    assert "as in version 1 again" in shell("report", "versions", "Weekly", "--back-to", "1").stdout
    assert [row["version"] for row in rows(shell("report", "versions", "Weekly", "--json"))] == [3, 2, 1]
    assert "Archived 'Weekly'" in shell("report", "archive", "Weekly").stdout
    assert rows(shell("report", "list", "--json")) == []
    assert [row["id"] for row in rows(shell("report", "list", "--shelf", "archived", "--json"))] == [made]
    assert "There is no shelf 'archve'" in str(shell("report", "list", "--shelf", "archve").exception)
    assert shell("report", "archive", "Weekly", "--back").exit_code == 0
    assert "Seen by: its owner, those it is shared with" in shell("report", "members", "Weekly", "--private").stdout
    assert service.get(world.ctx, made).visibility == "private"
    key = rows(shell("report", "as-template", "Weekly", "Ours", "--json"))[0]["key"]
    assert rows(shell("report", "templates", "--json"))[0] | {"about": ""} == {
        "key": key, "name": "Ours", "about": "", "for": "", "kept_by": "Sightline",
    }  # fmt: skip


def test_two_results_are_compared_and_asked_about_by_command(shell: Shell, world: World, house: House) -> None:
    made = service.create(world.ctx, "Weekly", {"metrics": ["commits_count"], "date_range": "2026-03-01..2026-03-09"})
    with pytest.raises(BadInput, match="no two results to compare"):
        raise shell("report", "compare", "Weekly").exception or AssertionError
    days = ("2026-03-01..2026-03-09", "2026-02-01..2026-02-09")
    for date_range in days:
        service.update(world.ctx, made.id, parameters={"metrics": ["commits_count"], "date_range": date_range})
        service.execute(house, world.ctx.workspace.id, service.run_now(world.ctx, made.id).id)
    first, later = (one.id for one in sorted(service.runs(world.ctx, made.id), key=lambda one: one.version or 0))

    differ = rows(shell("report", "compare", "Weekly", "--run", later, "--with", first, "--json"))
    assert ("Commits", "18", "–") in [(row["what"], row["before"], row["after"]) for row in differ]
    assert "No number differs." in shell("report", "compare", "Weekly", "--run", first, "--with", first).stdout
    assert rows(shell("report", "questions", "Weekly", "--run", first, "--json")) == []
    shell("report", "ask", "Weekly", "How many commits?", "--run", first)
    (asked,) = rows(shell("report", "questions", "Weekly", "--run", first, "--json"))
    assert asked["question"] == "How many commits?" and "18" in asked["answer"]


def test_a_sentence_becomes_a_report_by_command(shell: Shell, world: World) -> None:
    shown = shell("report", "say", "weekly dora for Atlas", "--dry-run", "--json")
    assert rows(shown)[0] == {"Template": "DORA, monthly", "Teams": "Atlas", "Days": "Last week",
                              "Comes": "weekly, once you schedule it"}  # fmt: skip
    assert rows(shell("report", "list", "--json")) == []
    refused = shell("report", "say", "dora for Atlos")
    assert (refused.exit_code, "Did you mean 'atlas'?" in refused.output) == (2, True)
    assert shell("report", "say", "weekly dora for Atlas", "--name", "Ours").exit_code == 0
    assert [row["name"] for row in rows(shell("report", "list", "--json"))] == ["Ours"]

"""`sightline metrics`, as somebody types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core import bootstrap
from core.access import workspaces
from core.base.errors import BadInput, NotFound, StorageFull
from core.bootstrap import House
from core.entrypoints.cli import assembled
from core.people import service as people
from core.people.service import Seen
from core.stores.metrics import MetricsStore
from tests.catalogue.factories import History

MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


@pytest.fixture(scope="module")
def rooms(home: Path, metrics: MetricsStore) -> Iterator[House]:
    """This process's own house with one workspace: Ann with two commits, a bot with one, one of nobody known."""
    bootstrap.house.cache_clear()
    house = bootstrap.house()
    house.migrate()
    ctx = house.context(workspaces.create(house.app, name="Main", slug="main", now=house.clock()))
    people.register(ctx, [Seen("ann@example.com", "Ann Lee"), Seen("robot@example.com", "robot[bot]", is_bot=True)])
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    history.commit("ann", "2026-03-31 23:59")
    history.commit("ann", "2026-04-01 00:00")
    history.commit("robot", "2026-03-04 09:00")
    history.commit("stranger", "2026-03-05 09:00", generated_additions=70)
    history.ingest()
    yield house
    house.close()
    bootstrap.house.cache_clear()
    for path in home.glob("app.db*"):
        path.unlink()


def said(*words: str) -> str:
    result = CliRunner().invoke(assembled(["metrics"]), ["metrics", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(*words: str) -> list[dict[str, Any]]:
    return list(json.loads(said(*words, "--json"))["rows"])


def test_the_list_says_what_each_means(rooms: House) -> None:
    listed = {row["key"]: row for row in rows("list")}

    assert listed["commits_count"]["unit"] == "count"
    assert listed["lead_time_hours"]["needs"] == ["pull_requests", "deployments"]
    assert {row["category"] for row in rows("list", "--category", "quality")} == {"quality"}
    assert "Lines added" in said("list")


def test_a_metric_by_address_for_machines(rooms: House) -> None:
    found = rows("show", "commits_count", "--by", "email", *MARCH)

    assert [(row["key"], row["value"], row["n"], row["state"]) for row in found] == [
        ("ann@example.com", 2.0, 2, "measured"),
        ("stranger@example.com", 1.0, 1, "measured"),
    ]


def test_bots_all_time_and_generated_lines_when_asked_for(rooms: House) -> None:
    everything = rows("show", "commits_count", "--by", "email", "--all-time", "--include-bots")

    assert {row["key"]: row["value"] for row in everything} == {
        "ann@example.com": 3, "robot@example.com": 1, "stranger@example.com": 1,
    }  # fmt: skip
    assert rows("show", "lines_added", *MARCH, "--include-generated")[0]["value"] == 30 + 70
    assert rows("show", "lines_added", *MARCH)[0]["value"] == 30


def test_people_and_repositories_are_called_by_name(rooms: House) -> None:
    assert rows("show", "commits_count", "--by", "person", *MARCH)[0]["label"] == "Ann Lee"
    assert rows("show", "commits_count", "--by", "repo", *MARCH)[0]["label"] == "app"
    assert rows("show", "commits_count", "--person", "ann@example.com", *MARCH)[0]["value"] == 2
    assert rows("show", "commits_count", "--repo", "app", *MARCH)[0]["value"] == 3


def test_time_runs_on_in_a_table_for_people(rooms: House) -> None:
    table = said("show", "commits_count", "--by", "month", "--all-time")

    assert table.index("2026-03-01") < table.index("2026-04-01")
    assert "Left out: 1 bot." in table


def test_every_period_asked_for_is_there_also_those_without_work(rooms: House) -> None:
    weeks = rows("show", "commits_count", "--by", "week", *MARCH)
    days = rows("show", "commits_count", "--by", "day", *MARCH)
    months = rows("show", "avg_commit_size", "--by", "month", "--from", "2026-01-15", "--to", "2026-04-01")

    assert [(row["key"], row["value"], row["state"]) for row in weeks] == [
        ("2026-02-23", None, "no_data"),
        ("2026-03-02", 2, "measured"),
        ("2026-03-09", None, "no_data"),
        ("2026-03-16", None, "no_data"),
        ("2026-03-23", None, "no_data"),
        ("2026-03-30", 1, "measured"),
    ]
    assert len(days) == 31 and [row["key"] for row in days if row["value"]] == [
        "2026-03-03",
        "2026-03-05",
        "2026-03-31",
    ]
    assert [(row["key"], row["state"]) for row in months] == [
        ("2026-01-01", "no_data"), ("2026-02-01", "no_data"), ("2026-03-01", "measured"),
    ]  # fmt: skip


def test_of_all_time_every_period_is_there_from_the_first_to_the_last_with_a_value(rooms: House) -> None:
    weeks = rows("show", "commits_count", "--by", "week", "--all-time")

    assert [row["value"] for row in weeks] == [2, None, None, None, 2]
    assert (weeks[0]["key"], weeks[-1]["key"]) == ("2026-03-02", "2026-03-30")
    assert rows("show", "commits_count", "--by", "week", "--all-time", "--person", "robot[bot]") == []


def test_each_person_has_every_period(rooms: House) -> None:
    found = rows(
        "show", "commits_count", "--by", "person", "--by", "month", "--from", "2026-02-01", "--to", "2026-05-01"
    )

    assert [(row["label"], row["value"]) for row in found if row["label"].startswith("Ann Lee")] == [
        ("Ann Lee | 2026-02-01", None), ("Ann Lee | 2026-03-01", 2), ("Ann Lee | 2026-04-01", 1),
    ]  # fmt: skip
    assert len(found) == 6


def test_what_is_not_collected_says_so(rooms: House) -> None:
    with rooms.app.session() as session:
        from core.catalogue.models import Feed

        session.query(Feed).filter(Feed.fact == "deployments").delete()

    (row,) = rows("show", "deployment_frequency", "--from", "2026-02-01", "--to", "2026-03-01")

    assert (row["value"], row["state"]) == (None, "not_collected")
    assert "Choose under Rules" in row["state_text"]


def test_a_number_is_explained_and_its_rows_written(rooms: House, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    (told,) = rows("explain", "commits_count", *MARCH, "--csv", str(file), "--sql")

    assert (told["value"], told["n"], told["left_out"]) == (3, 3, "1 bot")
    assert told["sql"].startswith("WITH")
    assert len(file.read_text().splitlines()) == 4
    assert "Ann Lee" in said("explain", "commits_count", *MARCH)


def test_mistakes_are_told_with_what_to_do(rooms: House) -> None:
    with pytest.raises(NotFound, match="Did you mean 'commits_count'"):
        said("show", "commit_count")
    with pytest.raises(BadInput, match="--all-time stands alone"):
        said("show", "commits_count", "--all-time", "--from", "2026-01-01")
    with pytest.raises(BadInput, match="--to is the day after the last one"):
        said("show", "commits_count", "--from", "2026-03-01", "--to", "2026-03-01")
    with pytest.raises(BadInput, match="Nothing can be grouped by 'people'"):
        said("show", "commits_count", "--by", "people")
    with pytest.raises(NotFound, match="There is no repository named 'apps'"):
        said("show", "commits_count", "--repo", "apps")
    with pytest.raises(BadInput, match="There is no category 'speed'"):
        said("list", "--category", "speed")


@pytest.mark.parametrize("days", [("--from", "0001-01-01"), ("--to", "0001-01-01"), ("--to", "9999-12-31")])
def test_days_out_of_the_calendar_are_bad_input(rooms: House, days: tuple[str, str]) -> None:
    with pytest.raises(BadInput, match=r"out of range|too early"):
        said("show", "commits_count", *days)


def test_the_days_of_an_open_question_are_said_beside_the_answer(rooms: House) -> None:
    result = CliRunner().invoke(assembled(["metrics"]), ["metrics", "show", "commits_count", "--json"])

    assert json.loads(result.stdout)["rows"]
    assert "the last 30" in result.stderr


def test_rows_that_cannot_be_written_leave_no_file(rooms: House, tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="could not be written"):
        said("explain", "commits_count", *MARCH, "--csv", str(tmp_path / "missing" / "rows.csv"))

    assert list(tmp_path.iterdir()) == []

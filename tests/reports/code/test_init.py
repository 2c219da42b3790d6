"""`sightline report init`: what it writes runs."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.delivery.outputs.registry import OUTPUTS
from core.reports.code import sample
from core.reports.code.reading import examined, opened_texts
from core.reports.code.starting import SQL, Answers, scalar, written
from tests.reports.code.conftest import Run

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def test_with_demo_and_yes_it_asks_nothing_and_the_file_runs(run: Run, folder: Path) -> None:
    (folder / "signups.db").unlink()

    made = run("init", "--demo", "--yes")

    assert made.returncode == 0
    assert "of the last 60 days" in made.stdout
    assert "sightline report run -c report.yaml" in made.stdout
    done = run("run", "-c", "report.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 of 3 views, 1 of 1 output" in done.stdout


def test_asked_about_a_database_it_reads_the_tables_and_the_file_runs(run: Run, folder: Path) -> None:
    made = run("init", "mine.yaml", typed="Mine: all\n1\nsignups.db\n2\n1\n")

    assert made.returncode == 0
    assert "country: TEXT" in made.stdout
    file = opened_texts([("mine.yaml", (folder / "mine.yaml").read_text())]).certain()
    assert file.title == "Mine: all"
    assert file.views["daily"].args["groupby"] == "country"
    assert run("run", "-c", "mine.yaml", "-s", "2026-03-02", "-e", "2026-03-09").returncode == 0


def test_a_database_that_does_not_answer_is_said_and_the_file_is_written(run: Run, folder: Path) -> None:
    typed = "A\n3\nlocalhost\n1\nme\nDB_PASS\nshop\norders\nplaced_at\n\n1\n"

    made = run("init", "mine.yaml", typed=typed, DB_PASS="x")

    assert made.returncode == 0
    assert "The file is written all the same." in made.stderr
    text = (folder / "mine.yaml").read_text()
    assert "password: ${DB_PASS}" in text
    assert "from orders" in text


def test_a_file_that_is_there_is_never_overwritten(run: Run, folder: Path) -> None:
    done = run("init", "good.yaml", "--yes")

    assert (done.returncode, done.stderr) == (
        6,
        "There is a file 'good.yaml' already. Name another one, or remove it.\n",
    )
    assert run("init", "new.yaml", "--demo", "--yes").returncode == 6
    assert not (folder / "new.yaml").exists()


SOURCES = {
    **{kind: {"database": "d.db"} if kind == "sqlite" else {"host": "h", "port": "1", "user": "u"} for kind in SQL},
    "prometheus": {"host": "http://prometheus:9090"},
    "jenkins": {"host": "http://jenkins:8080", "user": "u", "api_token": "${JENKINS_TOKEN}"},
    "http": {"url": "https://api.example.com"},
}
DELIVERIES = {
    "static": {"output_dir": "./_build"},
    "smtp": {"email_from": "a@example.com", "email_to": "b@example.com, c@example.com", "smtp_port": "25"},
    "slack": {"api_token": "${SLACK_TOKEN}", "channels": "#reports, #all"},
}


@pytest.mark.parametrize("kind", SOURCES)
def test_the_file_of_every_kind_of_source_is_valid(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "report.yaml"
    path.write_text(written(Answers("A: b", kind, SOURCES[kind], query="up"), path.name))

    assert [str(one) for one in examined([path], expand=False)] == []


@pytest.mark.parametrize("place", [place for place in DELIVERIES if place in OUTPUTS])
def test_the_file_of_every_kind_of_output_is_valid(tmp_path: Path, place: str) -> None:
    path = tmp_path / "report.yaml"
    path.write_text(written(Answers(outputs={place: DELIVERIES[place]}), path.name))

    assert [str(one) for one in examined([path], expand=False)] == []


def test_names_that_are_no_plain_words_are_quoted_for_their_database() -> None:
    text = written(Answers(kind="mysql", table="my table", time_column="at", group_column=""), "f.yaml")

    assert "from `my table`" in text


@pytest.mark.parametrize("text", ["plain", "two words", "2024", "yes", "a: b", "it's", "#x", "${NAME}", "-x", "", " a"])
def test_what_is_written_is_read_back(text: str) -> None:
    assert opened_texts([("f", f"description: {scalar(text)}")]).certain().description == text


def test_the_sample_is_the_same_for_the_same_day_and_ends_yesterday(tmp_path: Path) -> None:
    numbers = {sample.make(tmp_path / f"{name}.db", NOON) for name in ("one", "two")}

    with sqlite3.connect(tmp_path / "one.db") as connection:
        first, last = connection.execute("SELECT min(created_at), max(created_at) FROM signups").fetchone()
    assert len(numbers) == 1
    assert (first[:10], last[:10]) == ("2026-01-10", "2026-03-10")

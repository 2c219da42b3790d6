"""`sightline report … FILE` as a shell calls it: exit codes, what is printed where, what is left in the folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.entrypoints.cli.report_files.options import spread
from tests.reports.code.conftest import Run

PAGE = "_build/2026-03-02_2026-03-09_weekly/index.html"


def test_all_well_ends_with_zero_and_says_what_was_done(run: Run, folder: Path) -> None:
    done = run("run", "-c", "good.yaml")

    assert (done.returncode, done.stderr) == (0, "")
    sent, summary = done.stdout.splitlines()
    assert sent.startswith("static: Wrote _build/")
    assert summary.startswith("Weekly, 2 Mar 2026 – 8 Mar 2026: 1 of 1 view, 1 of 1 output, ")
    assert "Sign-ups" in (folder / PAGE).read_text()
    assert not (folder / "home").exists(), "no store of ours is opened for a file that needs none"


@pytest.mark.parametrize("words", [("-c", "good.yaml", "broken.yaml"), ("-c", "good.yaml", "-c", "broken.yaml")])
def test_a_view_that_fails_ends_with_three_and_costs_nothing_else(run: Run, folder: Path, words: tuple[str]) -> None:
    done = run("run", *words)

    assert done.returncode == 3
    assert done.stderr.startswith("broken.yaml:3:3: Lost: ")
    assert "1 of 2 views, 1 of 1 output" in done.stdout
    page = (folder / PAGE).read_text()
    assert "Sign-ups" in page
    assert "Lost" in page


def test_lenient_ends_with_zero_as_the_original_does(run: Run) -> None:
    done = run("run", "-c", "good.yaml", "broken.yaml", "--lenient")

    assert done.returncode == 0
    assert "Lost: " in done.stderr


def test_every_output_is_tried_even_if_the_first_one_fails(run: Run, folder: Path) -> None:
    (folder / "taken").write_text("a file, no folder")
    outputs = "outputs:\n  one: {plugin: static, args: {output_dir: taken}}\n  two: {plugin: static}\n"
    (folder / "outputs.yaml").write_text(outputs)

    done = run("run", "-c", "good.yaml", "outputs.yaml")

    assert done.returncode == 3
    assert done.stderr.startswith("outputs.yaml:2:3: ")
    assert "two: Wrote " in done.stdout
    assert "1 of 2 outputs" in done.stdout


def test_an_unknown_plugin_costs_its_own_view_only(run: Run, folder: Path) -> None:
    (folder / "typo.yaml").write_text("views: {all: {plugin: single_stats}}")

    done = run("run", "-c", "good.yaml", "typo.yaml")

    assert done.returncode == 3
    assert done.stderr == (
        "typo.yaml:1:23: Sign-ups: There is no view plugin named 'single_stats'. Did you mean 'single_stat'?\n"
    )


BAD = [
    (("-c", "bad.yaml"), "bad.yaml:3:34: 'views.v.cols' must be a whole number, not 'wide'."),
    (("-c", "gone.yaml"), "gone.yaml:1:1: There is no such file."),
    (("-c", "odd.yaml", "--strict"), "odd.yaml:1:1: There is no key 'titel'; it is passed over. Did you mean 'title'?"),
    (
        ("-c", "good.yaml", "-s", "soon"),
        "'soon' is no date. Write 2026-01-31, or 2026-01-31T06:00 for a time of day.",
    ),
    (
        ("-c", "good.yaml", "-s", "2026-03-20"),
        "The report ends (2026-03-09) before it begins (2026-03-20); its end must come after it.",
    ),
    (
        (),
        "There is no report file: name one with -c FILE. (Looked for config.yaml and /etc/kpireporter/config.yaml.)"
        " Write a first one: sightline report init",
    ),
    (
        ("-c", "good.yaml", "-s", "2026-03-01", "Weekly"),
        "'Weekly' is a saved report and -c names a file: run one of them.",
    ),
    (
        ("-c", "good.yaml", "--format", "pdf"),
        "--format, --out and --here are for saved reports. A report file says it under 'outputs'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "sentence"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_usage_and_bad_files_end_with_two_and_do_nothing(
    run: Run, folder: Path, words: tuple[str, ...], sentence: str
) -> None:
    done = run("run", *words)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence + "\n")
    assert not (folder / "_build").exists()


def test_a_file_in_the_usual_place_needs_no_name(run: Run, folder: Path) -> None:
    (folder / "good.yaml").rename(folder / "config.yaml")

    assert run("run").returncode == 0
    assert (folder / PAGE).exists()


def test_dates_a_theme_folder_and_a_license_may_be_named_as_in_the_original(run: Run, folder: Path) -> None:
    (folder / "theme").mkdir()
    words = ("-s", "2026-01-01", "-e", "2026-01-31", "--theme-dir", "theme", "--license-file", "license.pem")

    done = run("run", "--config-file", "good.yaml", *words)

    assert done.returncode == 0
    assert done.stderr == "No license is needed; --license-file is not read.\n"
    assert (folder / "_build/2026-01-01_2026-01-31_weekly/index.html").exists()


def test_a_dry_run_asks_everything_and_sends_nothing(run: Run, folder: Path) -> None:
    done = run("run", "-c", "good.yaml", "--dry-run")

    assert done.returncode == 0
    query, shape, summary = done.stdout.splitlines()
    assert query == "db: select count(*) as n from signups"
    assert shape.startswith("    1 row × 1 column (n int64), ")
    assert "1 of 1 view, nothing sent" in summary
    assert not (folder / "_build").exists()


def test_machines_read_json(run: Run) -> None:
    done = run("run", "-c", "good.yaml", "broken.yaml", "odd.yaml", "--json")

    (told,) = json.loads(done.stdout)["rows"]
    assert (told["status"], told["title"], told["time_zone"]) == ("partial", "Weekly", "Europe/Berlin")
    assert (told["start"], told["end"]) == ("2026-03-02T00:00:00+01:00", "2026-03-09T00:00:00+01:00")
    assert [one["path"] for one in told["failures"]] == ["views.gone"]
    assert [(one["file"], one["line"]) for one in told["warnings"]] == [("odd.yaml", 1)]
    assert {one["statement"]: one["rows"] for one in told["queries"]}["select count(*) as n from signups"] == 1
    assert done.stderr == ""


def test_verbose_shows_each_query_and_its_time(run: Run) -> None:
    done = run("run", "-c", "good.yaml", "-v")

    assert done.stdout.splitlines()[0] == "db: select count(*) as n from signups"
    assert " s" in done.stdout.splitlines()[1]


def test_validate_says_everything_and_asks_nothing(run: Run, folder: Path) -> None:
    assert run("validate", "good.yaml").stdout == "good.yaml: nothing is wrong.\n"
    bad = run("validate", "bad.yaml")
    assert (bad.returncode, bad.stdout) == (2, "bad.yaml:3:34: 'views.v.cols' must be a whole number, not 'wide'.\n")
    odd = run("validate", "odd.yaml")
    assert odd.returncode == 0
    assert odd.stdout == "odd.yaml:1:1: warning: There is no key 'titel'; it is passed over. Did you mean 'title'?\n"
    assert run("validate", "--strict", "odd.yaml").returncode == 2
    assert not (folder / "_build").exists()


def test_colours_that_are_hard_to_read_are_a_warning_of_both_commands(run: Run, folder: Path) -> None:
    pale = 'ui_colors: ["#111111", "#bbbbbb", "#cccccc", "#f0f0f0", "#ffffff"]'
    (folder / "pale.yaml").write_text(f"theme:\n  mode: light\n  {pale}\n")
    said = (
        "pale.yaml:3:3: warning: The theme's lighter text #bbbbbb on #ffffff has a contrast of 1.9 to 1:"
        " below 4.5 it is hard to read. Choose a darker one.\n"
    )

    alone, made = run("validate", "good.yaml", "pale.yaml"), run("run", "-c", "good.yaml", "pale.yaml")

    assert (alone.returncode, alone.stdout) == (0, said)
    assert (made.returncode, made.stderr) == (0, said)


def test_validate_speaks_json(run: Run) -> None:
    told: list[dict[str, Any]] = json.loads(run("validate", "bad.yaml", "--json").stdout)["rows"]

    assert told == [
        {
            "level": "error",
            "sentence": "'views.v.cols' must be a whole number, not 'wide'.",
            "file": "bad.yaml",
            "line": 3,
            "column": 34,
            "path": "views.v.cols",
        }
    ]


@pytest.mark.parametrize(
    ("words", "spreaded"),
    [
        (["-c", "a", "b"], ["-c", "a", "-c", "b"]),
        (["-c", "a", "-c", "b"], ["-c", "a", "-c", "b"]),
        (["-c", "a", "b", "c", "-v", "-s", "2026-01-01"], ["-c", "a", "-c", "b", "-c", "c", "-v", "-s", "2026-01-01"]),
        (["--config-file", "a", "b"], ["--config-file", "a", "-c", "b"]),
        (["--config-file=a", "-v"], ["--config-file=a", "-v"]),
        (["Weekly", "-f", "pdf"], ["Weekly", "-f", "pdf"]),
        (["-s", "2026-01-01", "-c", "a"], ["-s", "2026-01-01", "-c", "a"]),
    ],
)
def test_several_files_may_follow_one_flag(words: list[str], spreaded: list[str]) -> None:
    assert spread(words) == spreaded

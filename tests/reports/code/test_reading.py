"""What report files mean: merging, variables, kindness to whoever wrote them. Each case with its expected value."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.reports.code.file import ReportFile
from core.reports.code.reading import opened_texts, read

VARIABLES = {"DB_PASS": "s3cr:t #1", "HOST": "db.example.com", "EMPTY": "", "N": "8"}


def meaning(*texts: str, variables: dict[str, str] | None = None) -> dict[str, Any]:
    """What was read, without what is as by default."""
    given = [(f"{number}.yaml", text) for number, text in enumerate(texts, start=1)]
    return opened_texts(given, variables=variables).certain().model_dump(exclude_defaults=True)


ONE = "views:\n  a: {plugin: plot, cols: 2, args: {query: one, query_args: {parse_dates: [x, y], index_col: x}}}\n"
MERGED: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
    ("the last file wins", ("title: A\ninterval_days: 3", "title: B"), {"title": "B", "interval_days": 3}),
    ("three files go left to right", ("title: A", "title: B", "title: C"), {"title": "C"}),
    (
        "mappings are merged deep",
        (ONE, "views: {a: {args: {query: two}}}"),
        {
            "views": {
                "a": {
                    "plugin": "plot",
                    "cols": 2,
                    "args": {"query": "two", "query_args": {"parse_dates": ["x", "y"], "index_col": "x"}},
                }
            }
        },
    ),
    (
        "lists are replaced, not joined",
        (ONE, "views: {a: {args: {query_args: {parse_dates: [z]}}}}"),
        {
            "views": {
                "a": {
                    "plugin": "plot",
                    "cols": 2,
                    "args": {"query": "one", "query_args": {"parse_dates": ["z"], "index_col": "x"}},
                }
            }
        },
    ),
    (
        "a mapping gives way to a scalar",
        (ONE, "views: {a: {args: {query_args: none}}}"),
        {"views": {"a": {"plugin": "plot", "cols": 2, "args": {"query": "one", "query_args": "none"}}}},
    ),
    (
        "a value gives way to nothing, which is as if it had not been written",
        ("title: A\ninterval_days: 3", "interval_days: null"),
        {"title": "A"},
    ),
    (
        "an empty section is filled by the next file",
        ("views:", "views: {a: {plugin: x}}"),
        {"views": {"a": {"plugin": "x"}}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), [case[1:] for case in MERGED], ids=[case[0] for case in MERGED])
def test_files_are_merged_left_to_right(files: tuple[str, ...], expected: dict[str, Any]) -> None:
    assert meaning(*files) == expected


def test_the_first_appearance_of_a_view_keeps_its_place() -> None:
    one = "views: {a: {plugin: x}, b: {plugin: x}}"
    two = "views: {c: {plugin: x}, b: {plugin: y}, a: {plugin: y}}"

    read = meaning(one, two)

    assert list(read["views"]) == ["a", "b", "c"]
    assert read["views"]["a"]["plugin"] == "y"


EXPANDED = [
    ("a plain scalar", "title: ${HOST}", "db.example.com"),
    ("within a plain scalar", "title: at ${HOST}:${N}", "at db.example.com:8"),
    ("what is in a variable is never YAML", "title: ${DB_PASS}", "s3cr:t #1"),
    ("an empty variable", "title: a${EMPTY}b", "ab"),
    ("not in single quotes", "title: '${HOST}'", "${HOST}"),
    ("not in double quotes", 'title: "${HOST}"', "${HOST}"),
    ("not in a literal block", "title: |\n  ${HOST}", "${HOST}"),
    ("not in a folded block", "title: >-\n  ${HOST}", "${HOST}"),
    ("not in a scalar of two lines", "title: a\n  ${HOST}", "a ${HOST}"),
    ("not without braces", "title: $HOST", "$HOST"),
    ("an unset one stays", "title: ${NOBODY} and ${HOST}", "${NOBODY} and db.example.com"),
    ("a token of a query is none", "title: since {from}", "since {from}"),
]


@pytest.mark.parametrize(("text", "title"), [case[1:] for case in EXPANDED], ids=[case[0] for case in EXPANDED])
def test_variables_are_put_in_plain_scalars_of_one_line(text: str, title: str) -> None:
    assert meaning(text, variables=VARIABLES)["title"].rstrip("\n") == title


def test_a_number_in_a_variable_is_taken_where_a_number_is_wanted() -> None:
    assert meaning("interval_days: ${N}", variables=VARIABLES) == {"interval_days": 8}


def test_an_uploaded_file_never_sees_the_machines_variables() -> None:
    assert meaning("title: ${HOME}")["title"] == "${HOME}"


KIND = [
    ("a year as a title", "title: 2024", {"title": "2024"}),
    ("a version as a title", "title: 1.10", {"title": "1.10"}),
    ("a yes as a title", "title: yes", {"title": "yes"}),
    ("a time as a title", "title: 12:30", {"title": "12:30"}),
    ("a date as a title", "title: 2024-01-31", {"title": "2024-01-31"}),
    ("a date without quotes", "start_date: 2024-01-05", {"start_date": "2024-01-05"}),
    ("a moment without quotes", "end_date: 2024-01-05 06:00:00", {"end_date": "2024-01-05 06:00:00"}),
    ("a date of digits", "start_date: 20240105", {"start_date": "20240105"}),
    ("a whole number with a point", "interval_days: 7.0", {"interval_days": 7}),
    ("a number in quotes", "interval_days: '14'", {"interval_days": 14}),
    ("a key that YAML takes for a boolean", "views: {no: {plugin: x}}", {"views": {"no": {"plugin": "x"}}}),
    ("a key that is a number", "views: {2024: {plugin: x}}", {"views": {"2024": {"plugin": "x"}}}),
    ("empty args", "views:\n  a:\n    plugin: x\n    args:\n", {"views": {"a": {"plugin": "x"}}}),
    ("an empty theme", "title: A\ntheme:", {"title": "A"}),
    ("no outputs at all", "outputs: {}", {"outputs": {}}),
    ("a byte order mark", "\ufefftitle: A", {"title": "A"}),
    ("three dashes", "---\ntitle: A\n...\n", {"title": "A"}),
    ("a tag that is allowed", "title: !!str 5", {"title": "5"}),
    ("keys of one's own", "x-note: anything\ntitle: A", {"title": "A"}),
    (
        "anchors and merge keys",
        "x-base: &base {plugin: plot, cols: 3}\nviews:\n  a: {<<: *base, cols: 2}\n  b: *base",
        {"views": {"a": {"plugin": "plot", "cols": 2}, "b": {"plugin": "plot", "cols": 3}}},
    ),
    (
        "of several mappings under a merge key the first is the strongest",
        "x-a: &a {plugin: one}\nx-b: &b {plugin: two, cols: 2}\nviews: {v: {<<: [*a, *b]}}",
        {"views": {"v": {"plugin": "one", "cols": 2}}},
    ),
    ("a short colour", "theme: {error_colors: ['#111', '#ABC']}", {"theme": {"error_colors": ("#111111", "#AABBCC")}}),
    (
        "YAML 1.1 numbers and booleans in arguments",
        "views: {a: {plugin: x, args: {a: 0x10, b: 1_000, c: on, d: ~, e: 1e3, f: 1.5e+3, g: '1', h: 010}}}",
        {
            "views": {
                "a": {
                    "plugin": "x",
                    "args": {"a": 16, "b": 1000, "c": True, "d": None, "e": "1e3", "f": 1500.0, "g": "1", "h": 8},
                }
            }
        },
    ),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in KIND], ids=[case[0] for case in KIND])
def test_what_is_meant_is_taken(text: str, expected: dict[str, Any]) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_be_saved_in_any_unicode(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.yaml"
    path.write_text("title: Überblick №1", encoding=encoding)

    assert read([path]) == ReportFile(title="Überblick №1")


def test_a_password_of_digits_reaches_its_kind_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    path.write_text("datasources: {j: {plugin: jenkins, args: {host: h, user: 0815, api_token: 007}}}")

    assert read([path]).datasources["j"].args == {"host": "h", "user": "0815", "api_token": "007"}


def test_reading_twenty_kilobytes_takes_a_blink() -> None:
    view = (
        "  view_{}:\n    plugin: single_stat\n    title: Sign-ups of {}\n    cols: 2\n    args:\n      datasource: db\n"
    )
    query = "      query: |\n        select count(*) from signups\n        where created_at >= {{from}}\n"
    text = "views:\n" + "".join((view + query).format(number, number) for number in range(110))
    assert 19_000 < len(text) < 22_000
    opened_texts([("warm.yaml", text)])

    ours = _least(lambda: opened_texts([("report.yaml", text)]))
    plain = _least(lambda: yaml.load(text, yaml.SafeLoader))

    assert ours < plain / 2  # with lines and columns, and less time than the plain reader in Python takes


def _least(work: Callable[[], object]) -> float:
    """Seconds of processor time of the quickest of five."""
    took = []
    for _ in range(5):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)

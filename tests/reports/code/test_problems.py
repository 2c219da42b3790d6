"""What is wrong with a report file: each case with its exact sentence and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.reports.code.problems import BadFile
from core.reports.code.reading import examined, opened, opened_texts

LAUGHS = "".join(f"x-{n}: &x{n} [{', '.join([f'*x{n - 1}' if n else 'ha'] * 10)}]\n" for n in range(10))
PLACED = "A ':' is not expected here. Put a value that holds ': ' in quotes, or line this key up with its neighbours."
LINE_UP = "This line does not line up with those above it. Indent the keys of one level alike, with spaces."
TAB = "A tab stands where YAML takes spaces only. Replace it with spaces."
KNOWN = "title, description, interval_days, start_date, end_date, timezone, theme, datasources, views, outputs."
SCALARS = "a report file holds plain values only (!!str, !!int, !!float, !!bool, !!null, !!timestamp, !!map, !!seq)."
TOO_MANY = "The file holds more than 100,000 values, with what its aliases stand for. Make it smaller."
D = "\ndatasources: {d: {plugin: jenkins, args: {host: h}}}"

CASES = [
    # not YAML
    ("title: Report: weekly", f"1:14: {PLACED}"),
    ("title: A\n  theme: {}", f"2:8: {PLACED}"),
    ("views:\n\ta: 1", f"2:1: {TAB}"),
    ("views:\n  a: b\n\tc: d", f"3:1: {TAB}"),
    ("views:\n  a: 1\n b: 2", f"3:2: {LINE_UP}"),
    ("title: 'A'B", "1:11: Nothing may follow a finished value here. Put the whole value in quotes."),
    ("title: 'A\nviews: {}", "1:8: The quote that opens here is not closed."),
    ('title: "\\d"', "1:9: Double quotes do not know this escape. Write single quotes, or double the backslash."),
    ("title: @home", "1:8: A value cannot begin with '@'. Put it in quotes."),
    ("title: %d", "1:8: A value cannot begin with '%'. Put it in quotes."),
    ("title: *", "1:9: A value cannot begin with '*' or '&'. Put it in quotes."),
    (
        "title: A\nviews",
        "2:1: This line is neither a key with ':' nor part of a value. Add the ':', or indent it below its key.",
    ),
    (
        "views: [a, b\ntitle: A",
        "2:6: The list that opens with '[' in line 1 goes wrong here. Write ',' or close it with ']'.",
    ),
    (
        "views: {a: 1\ntitle: A",
        "2:6: The mapping that opens with '{' in line 1 goes wrong here. Write ',' or close it with '}'.",
    ),
    ("title: A\x00", "1:9: The character U+0000 cannot stand in a YAML file. Remove it."),
    (
        "title: A\n---\ntitle: B",
        "2:1: The file holds several documents. Keep one, and remove the others with their '---'.",
    ),
    # not a report file
    ("", "1:1: The file is empty. Begin with 'title: My report', then 'datasources:' and 'views:'."),
    ("# only words", "1:1: The file is empty. Begin with 'title: My report', then 'datasources:' and 'views:'."),
    ("- a\n- b", "1:1: The file holds a list. It must hold keys: title, datasources, views."),
    ("hello", "1:1: The file holds a text. It must hold keys: title, datasources, views."),
    ("title: A\nviews: null", "2:1: 'views' is empty. Write the views below it, indented, or remove the line."),
    ("outputs:", "1:1: 'outputs' is empty. Write the outputs below it, indented, or remove the line."),
    ("views: []", "1:8: 'views' must hold keys and values."),
    ("views:\n  a:", "2:3: 'views.a' is empty. A view needs at least 'plugin'."),
    ("views:\n  a: plot", "2:6: 'views.a' must hold keys and values."),
    ("views:\n  a: {cols: 2}", "2:3: 'views.a.plugin' is missing."),
    # bounds and safety
    (
        "a: !!python/object/apply:os.system [id]",
        f"1:4: The tag '!!python/object/apply:os.system' is not allowed: {SCALARS}",
    ),
    ("a: !!binary aGk=", f"1:4: The tag '!!binary' is not allowed: {SCALARS}"),
    ("a: *b", "1:4: The alias '*b' names nothing: there is no '&b' above it."),
    ("a: &a [*a]", "1:8: The alias '*a' stands inside what it names."),
    ("<<: 3", "1:1: '<<' takes a mapping or a list of mappings, by their aliases: *name."),
    ("? [a]\n: b", "1:3: A list or mapping cannot be a key. Put the key in quotes."),
    ("[" * 100_000, "1:101: The file is nested deeper than 100 levels."),
    ("- " * 100_000, "1:201: The file is nested deeper than 100 levels."),
    (LAUGHS, f"5:46: {TOO_MANY}"),
    ("views:\n" + "".join(f" v{n}: {{plugin: x}}\n" for n in range(100_000)), f"25001:10: {TOO_MANY}"),
    (
        "views:\n" + "".join(f" v{n}: {{plugin: x}}\n" for n in range(2_001)),
        "1:1: The report has more than 2,000 views. Split it into several.",
    ),
    ("#" * 5_000_001, "1:1: The file is larger than 5 MB. A report file is a few pages."),
    # keys and values
    ("titel: A", "1:1: warning: There is no key 'titel'; it is passed over. Did you mean 'title'?"),
    ("zzz: A", f"1:1: warning: There is no key 'zzz'; it is passed over. Known are {KNOWN}"),
    (
        "theme: {colum_width: 5}",
        "1:9: warning: There is no key 'theme.colum_width'; it is passed over. Did you mean 'column_width'?",
    ),
    (
        "views:\n  a: {plugin: single_stat, colls: 2, args: {datasource: d, query: q}}" + D,
        "2:28: warning: There is no key 'views.a.colls'; it is passed over. Did you mean 'cols'?",
    ),
    ("title: A\ntitle: B", "2:1: warning: 'title' is written twice; this one counts, the one in line 1 does not."),
    (
        "views:\n  a: {plugin: single_stat, args: {datasource: d, query: q, query: r}}" + D,
        "2:60: warning: 'views.a.args.query' is written twice; this one counts, the one in line 2 does not.",
    ),
    ("title: ${NOBODY}", "1:8: warning: The variable 'NOBODY' is not set; '${NOBODY}' stays as it is."),
    ("title: [A]", "1:8: 'title' must be text."),
    ("interval_days: 0", "1:16: 'interval_days' must be 1 or more, not '0'."),
    ("interval_days: week", "1:16: 'interval_days' must be a whole number, not 'week'."),
    ("interval_days: 1.5", "1:16: 'interval_days' must be a whole number, not '1.5'."),
    ("interval_days: 50000", "1:16: 'interval_days' must be 36600 or less, not '50000'."),
    (
        "timezone: Europe/Berlon",
        "1:11: 'timezone': There is no time zone named 'Europe/Berlon'. Use an IANA name such as Europe/Berlin.",
    ),
    (
        "start_date: 2024-1-5",
        "1:13: 'start_date': '2024-1-5' is no date. Write 2026-01-31, or 2026-01-31T06:00 for a time of day.",
    ),
    ("end_date: 0001-01-01", "1:11: 'end_date': '0001-01-01' is out of range. Choose days from 1900 to 2199."),
    (
        "start_date: 2024-01-08\nend_date: 2024-01-01",
        "2:11: 'end_date' (2024-01-01) must come after 'start_date' (2024-01-08).",
    ),
    (
        "start_date: 2024-01-08\nend_date: 2024-01-08",
        "2:11: 'end_date' (2024-01-08) must come after 'start_date' (2024-01-08).",
    ),
    ("theme: {mode: drak}", "1:15: 'theme.mode' must be auto, light or dark, not 'drak'."),
    ("theme: {num_columns: 25}", "1:22: 'theme.num_columns' must be 24 or less, not '25'."),
    ("theme: {ui_colors: ['#111111', '#222222']}", "1:9: 'theme.ui_colors' needs an entry 3."),
    ("theme: {series_colors: [red]}", "1:25: 'theme.series_colors.0': 'red' is no colour. Write it as #0072B2."),
    ("theme: {series_colors: '#111111'}", "1:24: 'theme.series_colors' must be a list."),
    ("views: {a: {plugin: x, cols: wide}}", "1:30: 'views.a.cols' must be a whole number, not 'wide'."),
    (
        "views: {a: {plugin: single_stat, cols: 8, args: {datasource: d, query: q}}}" + D,
        "1:40: warning: 'views.a.cols' is 8, but the grid has 6 columns; it takes all of them.",
    ),
    # kinds and their arguments
    (
        "datasources: {d: {plugin: mysqll}}",
        "1:27: There is no datasource plugin named 'mysqll'. Did you mean 'mysql'?",
    ),
    ("datasources: {d: {args: {}}}", "1:15: The datasource 'd' names neither a plugin nor a connection."),
    (
        "datasources: {d: {plugin: jenkins, connection: c, args: {host: h}}}",
        "1:48: The datasource 'd' names both a plugin and a connection. Keep one.",
    ),
    ("datasources: {d: {plugin: jenkins}}", "1:15: 'datasources.d.args.host' is missing."),
    (
        "datasources: {d: {plugin: jenkins, args: {host: h, usr: u}}}",
        "1:52: There is no argument named 'datasources.d.args.usr'. Did you mean 'user'?",
    ),
    (
        "views: {v: {plugin: single_stat, args: {datasource: d, query: q, comparison_type: pct}}}" + D,
        "1:83: 'views.v.args.comparison_type' must be raw or percent, not 'pct'.",
    ),
    (
        "views: {v: {plugin: single_stats, args: {query: q}}}",
        "1:21: There is no view plugin named 'single_stats'. Did you mean 'single_stat'?",
    ),
    (
        "views: {v: {plugin: single_stat, args: {query: q, datasource: dv}}}\n"
        "datasources: {db: {plugin: jenkins, args: {host: h}}}",
        "1:63: There is no datasource named 'dv' in this report. Did you mean 'db'?",
    ),
    (
        "views: {v: {plugin: metric.stat, args: {metric: comits_count}}}",
        "1:49: 'views.v.args.metric': There is no metric named 'comits_count'. Did you mean 'commits_count'?",
    ),
    (
        "outputs: {o: {plugin: statik}}",
        "1:23: There is no output plugin named 'statik'. Did you mean 'static'?",
    ),
    (
        "outputs: {o: {plugin: static, args: {output_dir: [a]}}}",
        "1:50: 'outputs.o.args.output_dir' must be text.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), CASES, ids=[line[:60] for _, line in CASES])
def test_every_problem_has_its_place_and_its_sentence(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "report.yaml"
    path.write_text(text)

    told = [str(problem).removeprefix(f"{path}:") for problem in examined([path])]

    assert told == [line]


def test_a_problem_names_the_file_whose_value_counts() -> None:
    one = "title: A\nviews:\n  v: {plugin: x, cols: 2}"
    two = "views:\n  v:\n    cols: wide"

    (problem,) = opened_texts([("one.yaml", one), ("two.yaml", two)]).findings.errors

    assert str(problem) == "two.yaml:3:11: 'views.v.cols' must be a whole number, not 'wide'."
    assert problem.path == "views.v.cols"


def test_every_problem_of_a_file_is_told_at_once_in_its_order() -> None:
    text = "titel: A\ninterval_days: x\nviews:\n  a: {cols: 0, plugin: x}\n  b: 1\n"

    problems = opened_texts([("f", text)]).problems

    assert [one.place.line for one in problems] == [1, 2, 4, 5]
    assert [one.level for one in problems] == ["warning", "error", "error", "error"]


def test_a_strict_reader_takes_warnings_for_errors() -> None:
    one = opened_texts([("f.yaml", "titel: A\ninterval_days: 3")])
    assert one.certain().interval_days == 3

    with pytest.raises(BadFile) as caught:
        one.certain(strict=True)

    assert caught.value.message == "f.yaml:1:1: There is no key 'titel'; it is passed over. Did you mean 'title'?"


def test_a_file_that_is_not_there_a_folder_and_other_bytes_are_told(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: A\ndescription: caf\xe9".encode("latin-1"))

    for path, line in [
        (tmp_path / "gone.yaml", "1:1: There is no such file."),
        (tmp_path, "1:1: The file cannot be read: Is a directory."),
        (latin, "2:17: The file is not UTF-8: the byte 0xE9 is no letter. Save it as UTF-8."),
    ]:
        with pytest.raises(BadFile) as caught:
            opened([path])
        assert caught.value.message == f"{path}:{line}"


def test_a_file_full_of_mistakes_does_not_fill_the_screen() -> None:
    text = "views:\n" + "".join(f"  v{number}: {{plugin: x, cols: 0}}\n" for number in range(50))

    with pytest.raises(BadFile) as caught:
        opened_texts([("f", text)]).certain()

    lines = caught.value.message.split("\n")
    assert (len(lines), lines[-1]) == (21, "… and 30 more.")

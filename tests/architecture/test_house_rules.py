"""The rules of the house that a linter does not know."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for path in (ROOT / "pages").rglob("*.py") if path.name != "__init__.py")
CORE = sorted((ROOT / "core").rglob("*.py"))


def test_no_page_lies_loose_where_streamlit_would_serve_it_without_sign_in() -> None:
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_asks_who_is_there_before_anything_else(page: Path) -> None:
    if page.parent.name == "account":
        # Signing in and setting a password come before there is anybody; the frame decides who sees them.
        return
    tree = ast.parse(page.read_text())
    statements = [
        node
        for node in tree.body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]

    assert "session.require(" in ast.unparse(statements[0])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_is_a_thin_door(page: Path) -> None:
    source = page.read_text()

    assert source.count("\n") <= 100
    assert "SELECT " not in source
    assert "sqlalchemy" not in source


def test_only_settings_read_the_environment() -> None:
    allowed = {
        "core/base/machine.py",
        "core/base/settings.py",
        "core/base/parent.py",
        "core/entrypoints/cli/worker.py",  # writes it, for the process that it becomes
        "core/entrypoints/supervisor/child.py",
        "core/stores/metrics/embedded/__init__.py",
        "core/stores/metrics/embedded/server.py",
    }
    readers = {
        str(path.relative_to(ROOT)) for path in CORE if "os.environ" in path.read_text() or "getenv" in path.read_text()
    }
    git = {name for name in readers if name.startswith("core/ingestion/sources/git/")}

    assert readers - git <= allowed


def test_nobody_asks_the_machine_for_the_time_but_the_bootstrap_and_the_machine() -> None:
    askers = {
        str(path.relative_to(ROOT))
        for path in CORE
        if "datetime.now(" in path.read_text() or "utcnow(" in path.read_text() or "date.today(" in path.read_text()
    }

    assert askers <= {"core/bootstrap.py", "core/base/machine.py"}


EMPTY_REPORT_NEEDS_NO = (
    *("sqlalchemy", "pandas", "pyarrow", "streamlit", "altair", "vl_convert", "openai", "clickhouse_connect", "chdb"),
    *(
        "boto3",
        "paramiko",
        "httpx",
        "requests",
        "reportlab",
        "openpyxl",
        "xlsxwriter",
        "lxml",
        "jsonschema",
        "premailer",
    ),
    *("structlog", "rich", "pydantic_settings", "asyncio", "huey", "alembic", "cryptography", "numpy", "watchfiles"),
    *("core.bootstrap", "core.access", "core.catalogue", "core.stores", "core.widgets", "core.people", "core.context"),
)
"""Each costs a report file time or memory that only some of them need."""


CHARTED = """
datasources: {db: {plugin: sql, args: {driver: sqlite, database: ":memory:"}}}
views:
  chart:
    plugin: plot
    args:
      datasource: db
      query: select '2026-03-02 10:00' as time, 1 as n, 'a' as g union all select '2026-03-01', 2.5, 'b'
      query_args: {parse_dates: [time]}
      groupby: g
  rows: {plugin: table, args: {datasource: db, query: select 1 as n, max_rows: 5}}
  one: {plugin: single_stat, args: {datasource: db, query: select 1 as n}}
"""
CHARTS_NEED = ("pyarrow", "numpy", "vl_convert")


@pytest.mark.parametrize(
    ("views", "spared"),
    [
        ("", EMPTY_REPORT_NEEDS_NO),
        (CHARTED, (*(name for name in EMPTY_REPORT_NEEDS_NO if name not in CHARTS_NEED), "pyarrow.compute")),
    ],
    ids=["empty", "charts of SQLite"],
)
def test_a_report_file_starts_with_what_it_needs_and_no_more(
    tmp_path: Path, views: str, spared: tuple[str, ...]
) -> None:
    (tmp_path / "few.yaml").write_text(f"title: Few\nstart_date: 2026-03-01\nend_date: 2026-03-08\n{views}")
    code = (
        "import sys; sys.argv = ['sightline', 'report', 'run', '-c', 'few.yaml']\n"
        "from core.entrypoints import cli\n"
        "try: cli.main()\n"
        "except SystemExit as end: assert not end.code\n"
        f"print([name for name in {spared!r} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "[]"


HEAVY = ("pandas", "altair", "streamlit", "chdb", "openai", "reportlab", "openpyxl", "pyarrow")


def test_a_command_starts_without_what_it_does_not_need() -> None:
    code = (
        "import sys; from core.entrypoints import cli; cli.assembled(['metrics']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"

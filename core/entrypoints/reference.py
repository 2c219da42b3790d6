"""Generated references: `python -m core.entrypoints.reference` writes them, and a test compares them with the code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from core.base.settings import Settings
from core.stores.app.store import ROOT

HEADER = "<!-- Written by `python -m core.entrypoints.reference`. Change the code, then run it again. -->\n\n"


def settings_page() -> str:
    """docs/settings.md: every variable with its default and meaning."""
    lines = [
        "# Settings",
        "",
        "Each is a variable of the environment, or a line `NAME=value` in a file `.env` of the start directory.",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in ("", None) or "Secret" in type(default).__name__ else f"`{default}`"
        lines.append(f"| `SIGHTLINE_{name.upper()}` | {shown} | {field.description} |")
    return HEADER + "\n".join(lines) + "\n"


def commands_page() -> str:
    """docs/commands.md: every command's help, as a person would read it."""
    import typer
    from typer.main import get_command

    from core.entrypoints.cli import COMMANDS, assembled

    root = get_command(assembled([]))
    context = typer.Context(root, info_name="sightline")
    parts = ["# Commands", "", "`sightline --help` says the same, and so does each command.", ""]
    for name in COMMANDS:
        parts += _command(root.get_command(context, name), name, context)  # type: ignore[attr-defined]
    return HEADER + "\n".join(parts).rstrip() + "\n"


def _command(command: object, name: str, parent: object, level: int = 2) -> list[str]:
    import inspect

    children = getattr(command, "commands", {})
    title = f"{getattr(parent, 'command_path', 'sightline')} {name}"
    about = inspect.cleandoc(getattr(command, "help", "") or "")
    lines = [f"{'#' * level} {title}", "", about, ""]
    options = [p for p in getattr(command, "params", []) if p.name != "help"]
    if options:
        lines += ["| option | meaning |", "| --- | --- |"]
        for option in options:
            words = " ".join(f"`{word}`" for word in (*option.opts, *option.secondary_opts)) or f"`{option.name}`"
            text = (getattr(option, "help", "") or "").replace("|", "\\|")
            lines.append(f"| {words} | {text} |")
        lines.append("")
    for child_name, child in children.items():
        lines += _command(child, child_name, _Path(title), level + 1)
    return lines


class _Path:
    def __init__(self, command_path: str) -> None:
        self.command_path = command_path


def metrics_page() -> str:
    """docs/metrics.md: every metric with its definition."""
    from core.catalogue import reference

    return HEADER + reference.page()


def datasources_page() -> str:
    """docs/datasources.md: every kind of datasource with its arguments."""
    from core.datasources import reference

    return HEADER + reference.page()


def records_page() -> str:
    """docs/record-fields.md: every kind of record with its fields."""
    from core.ingestion.records import templates

    return HEADER + templates.page()


def report_file_schema() -> str:
    """docs/report-file.schema.json: what editors check report files by."""
    from core.reports.code.schema import text

    return text()


def graphql_schema() -> str:
    """docs/api-schema.graphql: the schema of /api/graphql."""
    from core.entrypoints.api.graphql.answering import sdl

    return "# Written by `python -m core.entrypoints.reference`.\n\n" + sdl()


def doors_page() -> str:
    """docs/api-doors.md: every door of /api/v1 with what it needs."""
    from core.entrypoints.api.rest.openapi import document

    lines = ["# Doors for programs", "", "How to use them: [For programs](api.md).", ""]
    by_tag: dict[str, list[str]] = {}
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            needs = "".join(told["description"].split("`")[1:2])
            row = f"| `{method.upper()} {path}` | {told['summary']} | {f'`{needs}`' if needs else ''} |"
            by_tag.setdefault(told["tags"][0], []).append(row)
    for tag, rows in by_tag.items():
        lines += [f"## {tag.title()}", "", "| door | does | token needs |", "| --- | --- | --- |", *rows, ""]
    return HEADER + "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "docs/settings.md": settings_page,
    "docs/commands.md": commands_page,
    "docs/metrics.md": metrics_page,
    "docs/datasources.md": datasources_page,
    "docs/record-fields.md": records_page,
    "docs/report-file.schema.json": report_file_schema,
    "docs/api-schema.graphql": graphql_schema,
    "docs/api-doors.md": doors_page,
}
"""Generated file → what writes it."""


def main() -> int:
    """Write every reference; with `--check`, only say which are old and return 1."""
    check = "--check" in sys.argv[1:]
    old = 0
    for name, write in PAGES.items():
        path = Path(ROOT / name)
        text = write()
        if path.exists() and path.read_text() == text:
            continue
        old += 1
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        sys.stdout.write(f"{name} {'is old' if check else 'written'}\n")
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())

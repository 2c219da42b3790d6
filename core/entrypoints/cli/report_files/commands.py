"""`sightline report validate`, `schema` and `init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.base.errors import SightlineError
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows
from core.entrypoints.cli.report_files.options import FilesArgument, chosen

BAD = 2


def validate(
    files: FilesArgument = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Say what is wrong with a report file, a line each: FILE:LINE:COLUMN: sentence. Nothing is asked or sent.

    A file that was pulled is held against the workspace too: its metrics, teams and repositories must be there.

    Exit code 0: it can be run; 2: it cannot, or a part of it would fail.

    Example: sightline report validate weekly.yaml
    """
    from core.reports.code.problems import told
    from core.reports.code.reading import examined

    paths = chosen(files)
    if pulled := [path for path in paths if _is_definition(path)]:
        _validate_pulled(pulled, workspace, json)
        return
    problems = examined(paths)
    if json:
        show_rows([one.facts() for one in problems], as_json=True)
    else:
        for line in told(problems) or [f"{', '.join(map(str, paths))}: nothing is wrong."]:
            typer.echo(line)
    if any(strict or one.level == "error" for one in problems):
        raise typer.Exit(BAD)


def _is_definition(path: Path) -> bool:
    from core.reports.definition import is_definition

    return path.is_file() and is_definition(path.read_text(encoding="utf-8", errors="replace"))


def _validate_pulled(paths: list[Path], workspace: str, json: bool) -> None:
    from core.reports import folder

    ctx, problems = opened(workspace), dict[str, str]()
    for path in paths:
        try:
            folder.check(ctx, str(path), path.read_text(encoding="utf-8", errors="replace"))
        except SightlineError as error:
            problems[str(path)] = error.message
    if json:
        show_rows([{"file": file, "problem": said} for file, said in problems.items()], as_json=True)
    else:
        typer.echo("\n".join(problems.values()) or f"{', '.join(map(str, paths))}: nothing is wrong.")
    if problems:
        raise typer.Exit(BAD)


def schema(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write it to; default prints it.")] = None,
    json: JsonOption = False,
) -> None:
    """Print the JSON schema of report files, for editors that complete and check YAML.

    An editor finds it by a first line: # yaml-language-server: $schema=PATH

    Example: sightline report schema --out report-file.schema.json
    """
    from core.entrypoints.cli.files import whole
    from core.reports.code import schema

    written = whole(out, [schema.text().encode()]) if out else ""
    if json:
        show_rows([{"file": written} if written else schema.schema()], as_json=True)
    else:
        typer.echo(f"Wrote {written}" if written else schema.text().rstrip())

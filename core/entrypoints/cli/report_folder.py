"""`sightline report pull`, `push` and `diff`: reports as files of a folder, so that they live in git."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from core.base.errors import BadInput, NotFound
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows

FolderArgument = Annotated[Path, typer.Argument(help="Folder of the files.")]
REFUSED = 3
"""Exit code: some files were refused, all others were saved."""


def pull(
    folder: FolderArgument = Path("reports"),
    search: Annotated[str, typer.Option("--search", help="Only reports with these words in name or description.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Write every report and template to a folder, a YAML file each. What else lies there stays.

    A file that tells of a report is written anew wherever it lies in the folder, whatever its name.

    Example: sightline report pull reports/ && git add reports/
    """
    from core.entrypoints.cli.files import whole
    from core.reports import folder as files

    ctx = opened(workspace)
    known = {one.id: path for path, one in _definitions(folder).items() if one.id}
    rows = []
    for name, text in files.pulled(ctx, search).items():
        path = known.get(_id(text), folder / name)
        before = path.read_text(encoding="utf-8") if path.exists() else None
        if before != text:
            _made(folder)
            whole(path, [text.encode()])
        rows.append({"file": str(path), "state": "same" if before == text else "new" if before is None else "changed"})
    show_rows(rows, as_json=json, empty="There is no report yet.")


def push(
    folder: FolderArgument = Path("reports"),
    force: Annotated[
        bool, typer.Option("--force", help="Save over what was changed in the app since; its versions are kept.")
    ] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Save the reports of a folder: new ones are made, changed ones get a new version.

    A file that is wrong, or whose report was changed in the app since it was pulled, is refused by itself. Each
    file that was saved gets its report's id and version written into it.

    Exit code 0: all well; 3: some files were refused, all others were saved.

    Example: sightline report push reports/
    """
    from core.entrypoints.cli.files import whole
    from core.reports import folder as files

    texts = _texts(folder)
    done = files.push(opened(workspace), texts, force=force)
    for one in done:
        if one.text and one.text != texts[one.file]:
            whole(folder / one.file, [one.text.encode()])
    _show([{"file": one.file, "report": one.name, "done": one.done} for one in done], done, json)
    if any(one.done == "refused" for one in done):
        raise typer.Exit(REFUSED)


def diff(
    folder: FolderArgument = Path("reports"),
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show what a push of a folder would change, from the app to the files. Nothing is changed.

    Exit code 0: nothing would change; 1: something would; 2: a file cannot be read.

    Example: sightline report diff reports/
    """
    from core.reports import folder as files

    found = files.compare(opened(workspace), _texts(folder))
    if json:
        show_rows(
            [{"file": one.file, "report": one.name, "state": one.state, "difference": one.difference} for one in found],
            as_json=True,
        )
    else:
        for one in found:
            typer.echo(f"{one.file or '-'}: '{one.name}' is {files.STATES[one.state]}")
            if one.problem or one.difference:
                typer.echo(one.problem or one.difference)
    if any(one.state == "wrong" for one in found):
        raise typer.Exit(2)
    if any(one.state not in ("same", "elsewhere") for one in found):
        raise typer.Exit(1)


def _show(rows: list[dict[str, Any]], done: list[Any], as_json: bool) -> None:
    if as_json:
        show_rows([row | {"problem": one.problem} for row, one in zip(rows, done, strict=True)], as_json=True)
        return
    show_rows(rows, as_json=False)
    for one in done:
        if one.problem:
            typer.echo(f"{one.file}: {one.problem}" if one.file not in one.problem else one.problem, err=True)


def _texts(folder: Path) -> dict[str, str]:
    """Every report of the folder by its path inside; files of another kind are passed over."""
    from core.reports.definition import is_definition

    if not folder.is_dir():
        raise NotFound(f"There is no folder '{folder}'. `sightline report pull {folder}` makes it.")
    found = {}
    for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        text = _read(path)
        if is_definition(text):
            found[str(path.relative_to(folder))] = text
    return found


def _definitions(folder: Path) -> dict[Path, Any]:
    from core.reports.code.problems import BadFile
    from core.reports.definition import read

    found: dict[Path, Any] = {}
    for name, text in (_texts(folder) if folder.is_dir() else {}).items():
        try:
            found[folder / name] = read(text, name)
        except BadFile:
            continue
    return found


def _id(text: str) -> str:
    from core.reports.definition import read

    return read(text, "").id


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"'{path}' is not text in UTF-8.") from error
    except OSError as error:
        raise BadInput(f"'{path}' cannot be read: {error.strerror}.") from error


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"The folder '{folder}' cannot be made: {error.strerror}.") from error

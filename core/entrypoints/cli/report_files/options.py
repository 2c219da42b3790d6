"""Options of reports as code, and `-c A B` as another way to write `-c A -c B`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from core.base.errors import BadInput

FILE_FLAGS = ("-c", "--config-file")
PLACES = (Path("config.yaml"), Path("/etc/kpireporter/config.yaml"))
"""Where a report file is looked for when none is named."""

FilesOption = Annotated[
    list[Path] | None,
    typer.Option(
        *FILE_FLAGS,
        help="Report file in YAML; several are merged left to right. Default ./config.yaml.",
        metavar="FILE…",
    ),
]
FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(help="Report files in YAML, merged left to right. Default ./config.yaml.", metavar="[FILE]…"),
]
StartOption = Annotated[
    str, typer.Option("--start-date", "-s", help="First day, 2026-01-31, or moment, 2026-01-31T06:00.")
]
EndOption = Annotated[str, typer.Option("--end-date", "-e", help="First day after the report; default today.")]
ThemeOption = Annotated[Path | None, typer.Option("--theme-dir", help="Folder of templates that replace ours.")]
VerboseOption = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Show each query; -vv also logs and tracebacks.")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Treat warnings and refused arguments as a bad file.")]
LenientOption = Annotated[bool, typer.Option("--lenient", help="Exit with 0 even if parts of the report failed.")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Ask every query and show its shape; send nothing.")]
WatchOption = Annotated[bool, typer.Option("--watch", help="Show the report in a browser, anew at each save.")]
LicenseOption = Annotated[
    Path | None, typer.Option("--license-file", help="Accepted as KPI Reporter does; none is needed.")
]


class FilesCommand(TyperCommand):
    """A command in which several files may follow one `-c`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread(args))


def spread(words: list[str]) -> list[str]:
    """`-c A B` as `-c A -c B`."""
    made: list[str] = []
    inside = False
    for word in words:
        if word.startswith("-"):
            inside = word in FILE_FLAGS
        elif inside and made[-1] not in FILE_FLAGS:
            made.append(FILE_FLAGS[0])
        made.append(word)
    return made


def chosen(given: list[Path] | None) -> list[Path]:
    """The files named, or the first of the usual places; BadInput if there is none."""
    if given:
        return given
    for path in PLACES:
        if path.is_file():
            return [path]
    raise BadInput(
        f"There is no report file: name one with -c FILE. (Looked for {' and '.join(map(str, PLACES))}.)"
        " Write a first one: sightline report init"
    )

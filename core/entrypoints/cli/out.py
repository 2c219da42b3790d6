"""What commands share: opening a workspace, showing rows, drawing progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.base.errors import NotFound

if TYPE_CHECKING:
    from core.bootstrap import House
    from core.context import Context, Workspace

DEFAULT_SLUG = "main"
NO_EDGE = 10_000
"""Letters of a line that nobody sees on a screen."""
EDGE = 3
"""Letters between two cells of a table."""

WorkspaceOption = Annotated[
    str,
    typer.Option(
        "--workspace",
        "-w",
        envvar="SIGHTLINE_WORKSPACE",
        help="Workspace by its short name; default 'main', else the first there is.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help='Print {"rows": […]} for machines.')]


def opened(workspace: str = "", *, create: bool = False) -> Context:
    """A context of the system itself in the named workspace, or in the default one.

    `create` makes the default workspace when it is missing, as a first import does.
    """
    rooms = ready()
    return rooms.context(_chosen(rooms, workspace, create))


def house() -> House:
    """This machine's house. Its rooms are imported here, since a report file may need none of them."""
    from core import bootstrap
    from core.base import logs

    logs.ready("cli")
    return bootstrap.house()


def prepare(rooms: House) -> None:
    from core import bootstrap

    bootstrap.prepare(rooms)


def ready() -> House:
    """This machine's house with both schemas up to date."""
    rooms = house()
    prepare(rooms)
    return rooms


def _chosen(rooms: House, slug: str, create: bool) -> Workspace:
    from core.access import workspaces

    if slug:
        return workspaces.find(rooms.app, slug)
    known = {w.slug: w for w in workspaces.every(rooms.app)}
    if DEFAULT_SLUG in known:
        return known[DEFAULT_SLUG]
    if create:
        return workspaces.create(rooms.app, name="My workspace", slug=DEFAULT_SLUG, now=rooms.clock())
    if known:
        first = next(iter(known.values()))
        typer.echo(f"Workspace '{first.slug}' (choose another with --workspace).", err=True)
        return first
    raise NotFound("There is no workspace yet. Read a repository with `sightline ingest git PATH`, or start the app.")


def show_rows(
    rows: Sequence[Mapping[str, Any]], *, as_json: bool, title: str = "", empty: str = "Nothing yet."
) -> None:
    """Print rows as a table for people, or as `{"rows": […]}` for machines."""
    if as_json:
        typer.echo(json.dumps({"rows": [dict(row) for row in rows]}, default=_plain, ensure_ascii=False))
        return
    if not rows:
        typer.echo(empty)
        return
    # A link in a cell is broken at its edge, and a broken link cannot be followed: it stands below.
    links = [str(link) for row in rows if (link := row.get("link"))]
    _drawn([{name: value for name, value in row.items() if name != "link"} for row in rows], title)
    for link in links:
        typer.echo(link)


def _drawn(rows: Sequence[Mapping[str, Any]], title: str) -> None:
    """A table, or a block a row where the screen is so narrow that words, ids among them, would be cut in two."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    # A program that reads along, grep for one, gets a row a line, however wide.
    console = Console(width=None if sys.stdout.isatty() else NO_EDGE)
    if widths := _widths(rows, console.width):
        table = Table(title=title or None, title_justify="left", header_style="bold")
        for name, value in rows[0].items():
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            table.add_column(_spaced(name), justify="right" if numeric else "left", width=widths[name])
        for row in rows:
            table.add_row(*(escape(_text(value)) for value in row.values()))
        console.print(table)
        return
    margin = max(len(name) for name in rows[0]) + 2
    blocks = ("\n".join(f"{_spaced(name):<{margin}}{_text(value)}" for name, value in row.items()) for row in rows)
    typer.echo("\n\n".join(filter(None, (title, *blocks))))


def _widths(rows: Sequence[Mapping[str, Any]], room: int) -> dict[str, int]:
    """Letters of each column, the widest cut down to their longest word as it must be; none if that is too much."""
    from rich.cells import cell_len

    cells = {name: [_spaced(name), *(_text(row.get(name)) for row in rows)] for name in rows[0]}
    widths = {name: max(map(cell_len, texts)) for name, texts in cells.items()}
    least = {
        name: max(cell_len(word) for text in texts for word in [*text.split(), ""]) for name, texts in cells.items()
    }
    over = sum(widths.values()) + EDGE * len(widths) + 1 - room
    while over > 0:
        widest = max(widths, key=lambda name: (widths[name] > least[name], widths[name]))
        if widths[widest] <= least[widest]:
            return {}
        widths[widest] -= 1
        over -= 1
    return widths


def _spaced(name: str) -> str:
    return str(name).replace("_", " ")


def told(sentence: str, *, as_json: bool, **facts: Any) -> None:
    """Say what was done, or for machines what is now."""
    if as_json:
        show_rows([facts], as_json=True)
    else:
        typer.echo(sentence)


def show(facts: Mapping[str, Any], *, as_json: bool, title: str = "") -> None:
    """Print one thing's facts, a line each."""
    if as_json:
        show_rows([facts], as_json=True)
        return
    show_rows([{"": name.replace("_", " "), " ": value} for name, value in facts.items()], as_json=False, title=title)


def confirmed(question: str, *, yes: bool) -> None:
    """Return quietly if the person agrees; otherwise leave with nothing changed."""
    if not yes and not typer.confirm(question):
        typer.echo("Nothing was changed.", err=True)
        raise typer.Exit(1)


def home_line() -> str:
    from core.base.settings import settings

    return f"Data: {settings().home.resolve()}"


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        parts = [_text(item) for item in value]
        return (" " if all(part.endswith(".") for part in parts) else ", ").join(parts)
    return str(value)

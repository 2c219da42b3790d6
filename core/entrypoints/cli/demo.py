"""`sightline demo`: the made-up company."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.context import Workspace
from core.entrypoints.cli.out import JsonOption, confirmed, ready, show_rows

app = typer.Typer(no_args_is_help=True)


@app.command()
def load(
    own: Annotated[
        bool, typer.Option("--own-history/--no-own-history", help="Also read this checkout's own commits.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make the demo workspace if it is not there: eighteen months of 41 people in six teams, ending yesterday."""
    from core import demo

    house = ready()
    _show([demo.load(house), demo.own_history(house, Path.cwd()) if own else None], json)


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonOption = False,
) -> None:
    """Start the demo workspace afresh. Reports, merges and all else made in it are lost; its users stay.

    Example: sightline demo reset --yes
    """
    from core import demo

    house = ready()
    confirmed("Everything that was made in the demo workspace is lost. Start it afresh?", yes=yes)
    _show([demo.reset(house)], json)


def _show(made: list[Workspace | None], as_json: bool) -> None:
    rows = [{"slug": one.slug, "name": one.name, "id": one.id} for one in made if one]
    show_rows(rows, as_json=as_json)

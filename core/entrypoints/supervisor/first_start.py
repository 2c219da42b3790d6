"""What the first start makes: schemas, the first admin, the demo, this checkout's own history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.access import first_start, workspaces
from core.base.errors import BadInput, SightlineError
from core.bootstrap import House, prepare
from core.context import Workspace
from core.entrypoints.cli.out import DEFAULT_SLUG
from core.stores.app.store import ROOT

Say = Callable[[str], None]


def furnish(rooms: House, say: Say, *, demo: bool) -> None:
    """Make what is missing; quick when nothing is."""
    prepare(rooms)
    open_up(rooms, say, demo=demo)


def open_up(rooms: House, say: Say, *, demo: bool) -> None:
    """The first admin, and a workspace to come into."""
    first_start.first_admin(rooms.app, rooms.clock())
    known = workspaces.every(rooms.app)
    if demo and not any(workspace.is_demo for workspace in known):
        _load_demo(rooms, say)
    elif not known:
        _own_workspace(rooms)  # else the first admin comes into a house without a room


def _load_demo(rooms: House, say: Say) -> None:
    from core import demo as demo_workspace

    say("Loading the demo workspace …")
    demo_workspace.load(rooms)
    try:
        demo_workspace.own_history(rooms, ROOT)
    except SightlineError as error:
        # A copy without .git still runs; only the second example is missing.
        say(f"This checkout's own history was left out: {error.message}")


def _own_workspace(rooms: House) -> Workspace:
    """The workspace that real repositories are read into."""
    known = {workspace.slug: workspace for workspace in workspaces.every(rooms.app)}
    return known.get(DEFAULT_SLUG) or workspaces.create(
        rooms.app, name="My workspace", slug=DEFAULT_SLUG, now=rooms.clock()
    )


def repository(path: Path) -> Path:
    """The path, if there is a folder; BadInput if not."""
    if not path.expanduser().is_dir():
        raise BadInput(f"'{path}' is no folder. Give the path of a git repository: make run REPO=/path/to/a/clone")
    return path.expanduser().resolve()


def read_repository(rooms: House, path: Path, say: Say) -> None:
    """Register the repository in the default workspace, and let the worker read it."""
    from core.ingestion import service as ingestion

    chosen = _own_workspace(rooms)
    ctx = rooms.context(chosen)
    try:
        source = ingestion.add_git(ctx, str(path))
    except SightlineError as error:
        say(f"{path} was not read: {error.message}")
        return
    ingestion.request_sync(ctx, source.id)
    say(f"Reading {path} into '{chosen.name}'; the Sources page shows how far it is.")


def welcome(rooms: House, *, has_repository: bool = False) -> list[str]:
    """The lines that a newcomer needs: address and sign-in."""
    lines = ["", f"  Sightline is ready: {rooms.settings.url}", ""]
    if has_repository:
        lines.append(f"  Your repository:  {rooms.settings.url}/?workspace={DEFAULT_SLUG}")
    if credentials := first_start.demo_user(rooms.app, rooms.clock()):
        name, password = credentials
        lines.append(f"  Demo sign-in (this machine only):  {name}  /  {password}")
    if path := first_start.first_admin(rooms.app, rooms.clock()):
        lines.append(f"  First admin, set a password here:  {rooms.settings.url}{path}")
    return [*lines, "", "  Ctrl-C stops everything."]

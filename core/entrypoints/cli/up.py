"""`sightline up`: everything, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.base import logs
from core.base.settings import settings

app = typer.Typer(invoke_without_command=True)


@app.callback()
def up(
    repo: Annotated[list[Path] | None, typer.Option(help="Also read this git repository; may be given again.")] = None,
    demo: Annotated[bool, typer.Option(help="Load the demo workspace at the first start.")] = True,
) -> None:
    """Start the metrics store, the worker and the web app, and keep them running until Ctrl-C.

    The first start also makes the stores, the first admin and the demo workspace. All data lies under
    SIGHTLINE_HOME (default var/); the port is SIGHTLINE_PORT (default 8501).
    """
    from core.access import provider
    from core.bootstrap import house
    from core.entrypoints.supervisor import first_start, run

    config = settings()
    logs.configure(config.log_level, process="supervisor")
    provider.check(config)
    paths = [first_start.repository(path) for path in repo or []]
    run.folder_is_writable(config.home)
    lock = run.only_one(config)
    run.port_is_free(config)
    supervisor = run.Supervisor(config, typer.echo)
    run.catch_signals(supervisor)
    try:
        typer.echo(f"Sightline keeps its data in {config.home.resolve()}")
        supervisor.start_metrics()
        rooms = house()
        first_start.furnish(rooms, typer.echo, demo=demo and config.demo)
        supervisor.start_doors()
        supervisor.wait_for_web()
        for path in paths:
            first_start.read_repository(rooms, path, typer.echo)
        for line in first_start.welcome(rooms, has_repository=bool(paths)):
            typer.echo(line)
        supervisor.keep_all()
    finally:
        typer.echo("Stopping …")
        supervisor.stop()
        lock.close()
        typer.echo("Stopped. Nothing is lost; start again with the same command.")

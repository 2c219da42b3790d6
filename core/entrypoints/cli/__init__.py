"""The `sightline` command. A subcommand is a module of this folder, imported only when it is asked for."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from core.base import machine
from core.base.errors import SightlineError
from core.entrypoints.cli import brief
from core.entrypoints.cli.saying import say

if TYPE_CHECKING:
    import typer

COMMANDS = {
    "up": "Start the metrics store, the worker and the web app, and keep them running.",
    "worker": "Run only the worker, beside a web app elsewhere.",
    "ingest": "Read a source: git histories, or hourly files of GH Archive.",
    "sources": "Follow repositories of GitHub and GitLab; list, read and remove sources.",
    "records": "Push deployments, incidents, pull requests and other facts from files.",
    "webhooks": "Let other tools tell of deployments and incidents by themselves.",
    "rules": "Choose what counts as a deployment, and as an incident.",
    "connections": "Register the databases and servers that reports ask.",
    "people": "See, merge and unmerge people; bots and teams.",
    "worktime": "When people work, free days, and leave.",
    "snapshots": "Generate snapshots and see which periods are done.",
    "code": "Who knows which code, where it is hot, how much is changed again.",
    "components": "Parts of repositories by path or CODEOWNERS, to narrow any number to.",
    "exclusions": "Leave pull requests out of every number, and let them count again.",
    "metrics": "List the metrics, show their numbers, explain one.",
    "report": "Create, run and export reports.",
    "export": "Export a report, a developer profile or a team's figures to a file.",
    "schedule": "Send reports by a clock.",
    "insights": "Decide whose numbers are shown; see who looked.",
    "analytics": "Who works with whom, what people know, where and when they work.",
    "alerts": "Be told when a metric leaves its bounds.",
    "users": "Add users, set passwords and roles.",
    "tokens": "Make and revoke tokens for programs.",
    "workspaces": "List, create and choose workspaces.",
    "doctor": "Say what is wrong with this set-up and what to do.",
    "demo": "Load or reset the demo workspace.",
}
"""Each is `core.entrypoints.cli.<name>` with a Typer named `app`; `<name>_` where the name alone would mislead."""

STOPPED = 130
"""Exit code of a command that Ctrl-C ended."""
LATE_LOGS = ("report",)
"""Commands that are over soon, and set their logs up when they open a store: a report file may need none."""

HELP = """Sightline: dashboards and reports about how software is made, on your own machines.

Start with `sightline up`, or `sightline ingest git PATH` to read a repository. Every command works while
the app is running; whatever answers takes --json for machines, and all take --help for people.

Exit codes: 0 all well · 1 failed · 2 bad input · 3 partial · 4 not found · 5 not allowed · 6 conflict ·
7 source unreachable · 8 store unreachable · 9 no room · 10 not delivered · 70 a fault of ours."""


class Over(SystemExit):
    """The end of a command that is over soon, and leaves nothing that must be taken apart."""


def script() -> None:
    """What is installed as `sightline`."""
    try:
        main()
    except Over as end:
        machine.leave(int(end.code or 0))


def main() -> None:
    """Run the command line; a SightlineError becomes its sentence and its exit code."""
    words = sys.argv[1:]
    machine.without_plugins_of_pydantic()
    try:
        if not words or words[0] not in LATE_LOGS:
            from core.base import logs

            logs.ready("cli")
        else:
            machine.for_a_moment()
        if wish := brief.wish(words):
            from core.entrypoints.cli.report_files.running import run

            raise Over(run(wish, dry=False, lenient=False))
        assembled(words)()
    except SightlineError as error:
        say(error.message, err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _stopped()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # a fault of ours: the person gets a sentence, the operator the traceback
        say(f"Sightline met a fault of its own: {error}. The details are in {_kept(error)}.", err=True)
        sys.exit(70)


def _stopped() -> NoReturn:
    """End at once: a question that a database still works on would be waited for."""
    sys.stdout.flush()
    os._exit(STOPPED)


def assembled(words: list[str]) -> typer.Typer:
    """The whole command, or only the part that `words` ask for: each module costs time to import."""
    import typer

    cli = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

    @cli.callback(help=HELP)
    def root() -> None: ...

    asked = next((word for word in words if not word.startswith("-")), "")
    for name in [asked] if asked in COMMANDS else COMMANDS:
        module = importlib.import_module(f"core.entrypoints.cli.{name}")
        cli.add_typer(module.app, name=name, short_help=COMMANDS[name])
    return cli


def _kept(error: Exception) -> str:
    import traceback

    from core.base.settings import settings

    path = settings().run_dir / "fault.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("".join(traceback.format_exception(error)) + "\n")
    return str(path)

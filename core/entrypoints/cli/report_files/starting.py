"""`sightline report init`: a few questions, and a file that runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.base.counted import counted
from core.base.errors import Conflict, SightlineError
from core.entrypoints.cli.out import JsonOption, show_rows

if TYPE_CHECKING:
    from core.reports.code.starting import Answers

SERVERS = {"mysql": "3306", "postgresql": "5432", "clickhouse": "8123"}
KINDS = {
    "sqlite": "a SQLite file",
    "mysql": "MySQL or MariaDB",
    "postgresql": "PostgreSQL",
    "clickhouse": "ClickHouse",
    "prometheus": "Prometheus",
    "jenkins": "Jenkins",
    "http": "a web API that answers in JSON",
}
OUTPUTS = {"static": "a folder", "smtp": "mail", "slack": "Slack"}
TIMES = ("date", "time")
"""A column whose type or name has one of these in it may say when."""

Schema = dict[str, list[tuple[str, str]]]
"""Table → its columns with their types."""


def init(
    file: Annotated[Path, typer.Argument(help="File to write.")] = Path("report.yaml"),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take what is offered.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Make signups.db beside it, a small database to report on.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Write a first report file, with comments, from a few questions.

    Example: sightline report init report.yaml --demo --yes
    """
    from core.reports.code import sample
    from core.reports.code.starting import Answers, written

    if file.exists():
        raise Conflict(f"There is a file '{file}' already. Name another one, or remove it.")
    database = file.parent / "signups.db"
    if demo:
        from core.base import machine

        rows = sample.make(database, machine.now())
        _say(f"Made {database}, with {rows:,} sign-ups of the last {sample.DAYS} days.", quiet=json)
    own = Answers(source={"database": str(database)})
    _write(file, written(own if yes or demo else _asked(), str(file)))
    _say(f"Wrote {file}. Run it: sightline report run -c {file}", quiet=json)
    if json:
        show_rows([{"file": str(file), "database": str(database) if demo else None}], as_json=True)


def _write(file: Path, text: str) -> None:
    from core.entrypoints.cli.files import whole

    file.parent.mkdir(parents=True, exist_ok=True)
    whole(file, [text.encode()])


def _say(line: str, *, quiet: bool) -> None:
    if not quiet:
        typer.echo(line)


def _asked() -> Answers:
    from dataclasses import replace

    from core.reports.code.starting import SQL, Answers

    title = typer.prompt("Title", default="Weekly report")
    kind = _chosen("Where are the data?", KINDS)
    answers = Answers(title=title, kind=kind, source=_source(kind))
    if kind in SQL:
        table, time, group = _columns(answers)
        answers = replace(answers, table=table, time_column=time, group_column=group)
    elif kind != "jenkins":
        asked = "PromQL query" if kind == "prometheus" else "Path or query, as in /users?active=true"
        answers = replace(answers, query=typer.prompt(asked, default="up" if kind == "prometheus" else "/"))
    return replace(answers, outputs=_outputs())


def _source(kind: str) -> dict[str, str]:
    """Arguments of the datasource. A password is named, never typed."""
    match kind:
        case "sqlite":
            return {"database": typer.prompt("File of the database")}
        case "prometheus":
            return {"host": typer.prompt("Address", default="http://localhost:9090")}
        case "jenkins":
            host, user = typer.prompt("Address", default="http://localhost:8080"), typer.prompt("User", default="")
            return {"host": host, "user": user, "api_token": _secret("JENKINS_TOKEN", "API token") if user else ""}
        case "http":
            return {"url": typer.prompt("Address", default="https://api.example.com")}
    return {
        "host": typer.prompt("Host", default="localhost"),
        "port": typer.prompt("Port", default=SERVERS[kind]),
        "user": typer.prompt("User"),
        "password": _secret("DB_PASSWORD", "password"),
        "database": typer.prompt("Database"),
    }


def _secret(name: str, what: str) -> str:
    chosen = str(typer.prompt(f"Variable of the environment that holds the {what}", default=name))
    return f"${{{chosen.strip('${} ')}}}"


def _columns(answers: Answers) -> tuple[str, str, str]:
    """Table, column of time, column to split by: chosen from the database itself if it answers."""
    known = _schema(answers)
    if not known:
        table, time = typer.prompt("Table"), typer.prompt("Its column of time", default="created_at")
        return table, time, typer.prompt("A column to split the bars by, or nothing", default="")
    table = _chosen("Which table?", {name: counted(len(columns), "column") for name, columns in known.items()})
    columns = dict(known[table])
    times = {name: kind for name, kind in columns.items() if any(word in f"{name} {kind}".lower() for word in TIMES)}
    likely = {**times, **{name: kind for name, kind in columns.items() if name.endswith("_at")}}
    time = _chosen("Which column says when?", likely or columns)
    rest = {name: kind for name, kind in columns.items() if name != time}
    return table, time, _chosen("Split the bars by a column?", {"": "no", **rest})


def _schema(answers: Answers) -> Schema:
    """What can be asked; empty, with the reason said, if the database does not answer."""
    try:
        return _read_schema(answers)
    except SightlineError as error:
        typer.echo(f"{error.message} The file is written all the same.", err=True)
        return {}


def _read_schema(answers: Answers) -> Schema:
    from datetime import timedelta

    from core.base import machine
    from core.base.fields import accepted
    from core.base.period import Period
    from core.datasources.registry import DATASOURCES
    from core.datasources.window import Window
    from core.reports.code.scalars import expanded

    kind = DATASOURCES.get("sql")
    given = {name: expanded(value, machine.variables())[0] for name, value in answers.source.items() if value}
    args = accepted(kind.Args, {"driver": answers.kind, **given}, "The database", "argument")
    source = kind(args, Window(Period(machine.now() - timedelta(days=7), machine.now())))
    found: Schema = {}
    try:
        for table, column, type_ in source.schema():
            found.setdefault(table, []).append((column, type_))
    finally:
        source.close()
    return found


def _outputs() -> dict[str, dict[str, str]]:
    from core.delivery.outputs.registry import BUILT_IN

    offered = {name: words for name, words in OUTPUTS.items() if name in BUILT_IN}
    place = _chosen("Where does it go?", offered)
    return {"static": {"output_dir": "./_build"}} if place == "static" else {place: _delivery(place)}


def _delivery(place: str) -> dict[str, str]:
    if place == "slack":
        channels = typer.prompt("Channels, by commas", default="#reports")
        return {"api_token": _secret("SLACK_TOKEN", "API token"), "channels": channels}
    return {
        "email_from": typer.prompt("From"),
        "email_to": typer.prompt("To, by commas"),
        "smtp_host": typer.prompt("Mail server", default="localhost"),
        "smtp_port": typer.prompt("Its port", default="25"),
    }


def _chosen(question: str, choices: dict[str, str]) -> str:
    """One of the keys, by its number; the only one without asking."""
    keys = list(choices)
    if len(keys) == 1:
        return keys[0]
    typer.echo(question)
    for number, (key, words) in enumerate(choices.items(), start=1):
        typer.echo(f"  {number}  {key + ': ' if key else ''}{words}")
    while True:
        given = int(typer.prompt("Number", default=1, type=int))
        if 1 <= given <= len(keys):
            return keys[given - 1]
        typer.echo(f"Choose from 1 to {len(keys)}.")

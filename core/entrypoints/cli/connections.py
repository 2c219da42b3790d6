"""`sightline connections`: datasources and outputs with their secrets, for reports to name."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from core.base.errors import BadInput
from core.connections import service
from core.connections.sides import SIDES
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show_rows, told

app = typer.Typer(no_args_is_help=True)
Named = Annotated[str, typer.Argument(help="A connection's name.", metavar="NAME")]
SetOption = Annotated[
    list[str], typer.Option("--set", "-s", metavar="KEY=VALUE", help="A setting, such as host=db.example. Several.")
]
SecretOption = Annotated[
    list[str],
    typer.Option("--secret", metavar="KEY", help="A setting that is asked for without showing it, or read from stdin."),
]


@app.command("list")
def show(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the connections and what the last check of each said. Secrets are never shown."""
    rows = [_row(view) for view in service.connections(opened(workspace))]
    show_rows(rows, as_json=json, empty="No connection yet. Add one: sightline connections add NAME KIND --set host=…")


@app.command()
def kinds(json: JsonOption = False) -> None:
    """List the kinds of connections with their settings; those in angle brackets are secrets."""
    from core.connections.settings import secret_paths

    rows = []
    for side in SIDES.values():
        for key, kind in side.kinds().items():
            model = side.model(key)
            secrets = set(secret_paths(model))
            plain = [name for name in model.model_fields if not any(path.split(".")[0] == name for path in secrets)]
            settings = [*plain, *(f"<{path}>" for path in sorted(secrets))]
            rows.append({"kind": key, "label": kind.label, "for": side.use, "settings": settings})
    show_rows(rows, as_json=json)


@app.command()
def add(
    name: Named,
    kind: Annotated[str, typer.Argument(help="Its kind: see `sightline connections kinds`.", metavar="KIND")],
    settings: SetOption = [],  # noqa: B006 - typer reads it
    secret: SecretOption = [],  # noqa: B006
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Register a datasource or an output: `… add shop sql -s driver=postgresql -s host=db --secret password`."""
    ctx = opened(workspace)
    made = service.create(ctx, name, kind, _given(settings, secret))
    told(f"The connection '{made.name}' is there. Check it: sightline connections check {made.name}", as_json=json,
         **_row(made))  # fmt: skip


@app.command()
def change(
    name: Named,
    settings: SetOption = [],  # noqa: B006
    secret: SecretOption = [],  # noqa: B006
    rename: Annotated[str, typer.Option("--rename", help="A new name.")] = "",
    forget: Annotated[list[str], typer.Option("--forget", metavar="KEY", help="A secret to take away.")] = [],  # noqa: B006
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Change some settings or the name. An empty value takes a setting back to its default."""
    ctx = opened(workspace)
    view = service.connection(ctx, name)
    given = _given(settings, secret)
    whole = {key: value for key, value in {**view.args, **given}.items() if value != ""}
    made = service.update(ctx, view.id, name=rename, args=whole if given else None, forget=forget)
    told(f"The connection '{made.name}' is changed.", as_json=json, **_row(made))


@app.command()
def check(
    name: Named,
    send: Annotated[
        bool, typer.Option("--send", help="Send a small test there too, as a report is sent; it asks before.")
    ] = False,
    to: Annotated[
        str, typer.Option("--to", help="Who gets it: addresses or channels; else who always gets the reports.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Try to reach it, and say what was reached."""
    if to and not send:
        raise BadInput("--to says who gets the test: write --send beside it.")
    ctx = opened(workspace)
    view = service.connection(ctx, name)
    if send:
        confirmed(f"{service.foretold(ctx, view.id, to)} Send it?", yes=yes)
    said = service.probe(ctx, view.id, to) if send else service.check(ctx, view.id)
    told(said, as_json=json, name=view.name, reached=said)


@app.command()
def schema(
    name: Named,
    like: Annotated[str, typer.Option("--like", help="Only tables and columns with this in their name.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List the tables and columns that can be asked."""
    ctx = opened(workspace)
    found = service.schema(ctx, service.connection(ctx, name).id)
    rows = [
        {"table": table, "column": column, "type": kind}
        for table, column, kind in found
        if like.casefold() in f"{table} {column}".casefold()
    ]
    show_rows(rows, as_json=json, empty="Nothing is named so." if like else "This kind of connection has no tables.")


@app.command()
def query(
    name: Named,
    text: Annotated[str, typer.Argument(help="What to ask, such as a SELECT; '-' reads it from stdin.")],
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, max=10_000, help="Rows to show.")] = service.TRY_ROWS,
    args: Annotated[
        str,
        typer.Option("--args", "-a", help="query_args as in a report file, in YAML or JSON: '{parse_dates: [day]}'."),
    ] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Try a query over the last seven days. It is only read, and stopped after half a minute."""
    from core.reports.code.asides import query_args

    options = query_args(args)
    ctx = opened(workspace)
    asked = sys.stdin.read() if text == "-" else text
    answer = service.try_query(ctx, service.connection(ctx, name).id, asked, rows, options)
    show_rows(answer.table.to_pylist(), as_json=json, empty="No rows.")
    total = answer.rows if answer.total is None else answer.total
    typer.echo(f"{answer.rows:,} of {total:,} rows, {answer.seconds:,.2f} s. {answer.note}".strip(), err=True)


@app.command()
def remove(
    name: Named,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Forget a connection with its secrets. Reports that name it are named first."""
    from core.reports.connected import reports_using

    ctx = opened(workspace)
    view = service.connection(ctx, name)
    using = reports_using(ctx, view.name)
    fate = "are sent to it, and will not arrive there any more" if view.is_output else "ask it and will fail"
    warning = f" These reports {fate}: {', '.join(using)}." if using else ""
    confirmed(f"The connection '{view.name}' goes away with its secrets.{warning} Remove it?", yes=yes)
    service.remove(ctx, view.id)
    show_rows([{"removed": view.name, "reports": using}], as_json=json)


def _row(view: service.ConnectionView) -> dict[str, Any]:
    return {
        "name": view.name,
        "kind": view.plugin,
        "for": SIDES[view.side].use,
        "leads_to": view.place,
        "secrets_set": list(view.secrets),
        "checked_at": view.checked_at,
        "last_check": view.last_error or view.check_text,
    }


def _given(settings: list[str], secrets: list[str]) -> dict[str, Any]:
    """Settings as typed: values are read as YAML, so 5432 is a number and [a, b] a list; a.b=c reaches into a."""
    from core.reports.code import asides

    given: dict[str, Any] = {}
    for pair in settings:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise BadInput(f"'{pair}' is no setting. Write KEY=VALUE, such as host=db.example.")
        # "#ops" is a channel here, no remark.
        _put(given, key, value if value.startswith("#") else asides.value(value, key))
    for key in secrets:
        _put(given, key, _asked(key))
    return given


def _asked(key: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(key, hide_input=True))
    return sys.stdin.readline().rstrip("\n")


def _put(given: dict[str, Any], key: str, value: Any) -> None:
    first, _, rest = key.partition(".")
    if rest:
        _put(given.setdefault(first, {}), rest, value)
    else:
        given[first] = value

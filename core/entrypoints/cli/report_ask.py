"""`sightline report ask`: a question about a report's result."""

from __future__ import annotations

from typing import Annotated

import typer

from core.base.errors import BadInput
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows


def ask(
    report: Annotated[str, typer.Argument(help="The report's name or id.")],
    question: Annotated[str, typer.Argument(help="What you want to know of its numbers.")],
    run: Annotated[str, typer.Option("--run", help="Id of a run; default the newest that has a result.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Ask about a report's result: answered from its numbers, or from a metric fetched within what it is about.

    The question is kept beside the result with its answer.

    Example: sightline report ask "Weekly health" "Why did cycle time go up?"
    """
    from core.chats import service as chats
    from core.chats.views import Said
    from core.reports import reading, service

    ctx = opened(workspace)
    found = service.find(ctx, report)
    newest = service.run(ctx, run) if run else reading.latest(ctx, found.id)
    if newest is None:
        raise BadInput(f"'{found.name}' has no result yet. Run it: sightline report run '{found.name}'")
    if json:
        told = chats.answer(ctx, newest.id, question)
        show_rows([{"id": told.id, "run": newest.id, **told.answer.model_dump(mode="json")}], as_json=True)
        return
    for one in chats.ask(ctx, newest.id, question):
        typer.echo(one.text if isinstance(one, Said) else one)
        for cited in dict.fromkeys(ground.title for ground in one.grounds) if isinstance(one, Said) else ():
            typer.echo(f"  from: {cited}")

"""`sightline report ask` and `questions`: what is asked about a report's result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from core.base.errors import BadInput
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows

if TYPE_CHECKING:
    from core.context import Context


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

    ctx = opened(workspace)
    asked = _run(ctx, report, run)
    if json:
        told = chats.answer(ctx, asked, question)
        show_rows([{"id": told.id, "run": asked, **told.answer.model_dump(mode="json")}], as_json=True)
        return
    for one in chats.ask(ctx, asked, question):
        typer.echo(one.text if isinstance(one, Said) else one)
        for cited in dict.fromkeys(ground.title for ground in one.grounds) if isinstance(one, Said) else ():
            typer.echo(f"  from: {cited}")


def questions(
    report: Annotated[str, typer.Argument(help="The report's name or id.")],
    run: Annotated[str, typer.Option("--run", help="Id of a run; default the newest that has a result.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show what was asked about a report's result, the oldest first, with its answers.

    Example: sightline report questions "Weekly health"
    """
    from core.chats import service as chats

    ctx = opened(workspace)
    rows = [
        {
            "asked": one.asked_at,
            "by": one.asked_by,
            "question": one.question,
            "answer": " ".join([*(said.text for said in one.answer.sentences), *one.answer.remarks]),
        }
        for one in chats.questions(ctx, _run(ctx, report, run))
    ]
    show_rows(rows, as_json=json, title="Questions", empty="Nobody asked yet: sightline report ask REPORT QUESTION")


def _run(ctx: Context, report: str, run: str) -> str:
    """The run that is meant: the one that is named, else the newest that has a result."""
    from core.reports import reading, service

    found = service.find(ctx, report)
    newest = service.run(ctx, run) if run else reading.latest(ctx, found.id)
    if newest is None:
        raise BadInput(f"'{found.name}' has no result yet. Run it: sightline report run '{found.name}'")
    return newest.id

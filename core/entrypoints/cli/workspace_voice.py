"""`sightline workspaces voice`: whether a language model may be asked, which one, and what it may be told."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show


def voice(
    allow: Annotated[
        bool | None, typer.Option("--allow/--forbid", help="Let a language model be asked, or let nobody ask one.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", help="Address of an OpenAI-compatible API.")] = None,
    model: Annotated[str | None, typer.Option("--model", help="Name of the model there.")] = None,
    pseudonyms: Annotated[
        bool | None, typer.Option("--pseudonyms/--names", help="Replace names before they leave this machine, or not.")
    ] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", help="How long a report waits for it.")] = None,
    key: Annotated[bool, typer.Option("--key", help="Ask for the key, or read it from standard input.")] = False,
    no_key: Annotated[bool, typer.Option("--no-key", help="Forget the key that is kept.")] = False,
    test: Annotated[bool, typer.Option("--test", help="Ask the model about two invented numbers.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show what the workspace has decided about language models, or decide anew about what is named.

    Off, nothing leaves this machine. The key is kept sealed and never shown; a new address forgets it.

    Example: sightline workspaces voice --url http://127.0.0.1:11434/v1 --model qwen3 --allow --test
    """
    from core.narrative.voice import settings as deciding
    from core.narrative.voice.trying import trial

    ctx = opened(workspace)
    told = {"allowed": allow, "base_url": url, "model": model, "pseudonyms": pseudonyms, "timeout_s": seconds}
    changes: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    secret = "" if no_key else _asked() if key else None
    if changes or secret is not None:
        deciding.change(ctx, changes, key=secret)
    now = {**deciding.settings(ctx).model_dump(), "key": "kept" if deciding.has_key(ctx) else "none"}
    show({**now, **({"test": trial(ctx)} if test else {})}, as_json=json)


def _asked() -> str:
    """The key, typed without being shown, or the first line of what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt("Key", hide_input=True)).strip()
    return sys.stdin.readline().strip()

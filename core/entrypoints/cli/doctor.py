"""`sightline doctor`: what is wrong with this set-up, and what to do."""

from __future__ import annotations

import typer

from core.entrypoints.cli.out import JsonOption, show_rows

app = typer.Typer(invoke_without_command=True)


@app.callback()
def doctor(json: JsonOption = False) -> None:
    """Look at every part that Sightline needs, and say what to do about those that ail.

    Exit code 0 if all is well or only worth a remark, 1 if something is broken.
    """
    from core.entrypoints.checkup import examine

    findings = examine()
    rows = [{"part": f.part, "state": f.state, "what": f.what, "do": f.advice} for f in findings]
    show_rows(rows, as_json=json, title="Check-up")
    if any(f.state == "broken" for f in findings):
        raise typer.Exit(1)

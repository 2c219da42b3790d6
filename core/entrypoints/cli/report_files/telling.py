"""What a run of a report file prints: results on stdout, what is wrong on stderr."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from core.base.counted import counted
from core.entrypoints.cli.saying import say

if TYPE_CHECKING:
    from core.datasources.desk import Asked
    from core.entrypoints.cli.report_files.running import Ready, Wish
    from core.reports.code.problems import Problem
    from core.reports.code.reading import Opened
    from core.reports.code.running import Outcome


def warnings(opened: Opened, *, quiet: bool) -> None:
    """What a careful author would not leave so."""
    from core.reports.code.problems import told

    for line in told(opened.findings.warnings) if not quiet else ():
        say(line, err=True)


def failures(ready: Ready, outcome: Outcome) -> list[Problem]:
    """Every part that failed, with its place in the file."""
    from core.reports.code.nodes import place_of
    from core.reports.code.problems import Problem

    exact = {tuple(one.path.split(".")[:2]): one for one in ready.refused}
    names = _names(ready)
    parts = [("views", one.face.id, one.failure) for one in outcome.views if one.failure]
    parts += [("views", names[key], failure) for key, failure in outcome.lost.items()]
    parts += [("outputs", one.name, one.failure) for one in outcome.sent if one.failure]
    said = {failure for _, _, failure in parts}
    found = [one for one in ready.refused if one.path.startswith("datasources.")]
    for section, name, failure in parts:
        known = exact.get((section, name))
        place = known.place if known else place_of(ready.opened.root, (section, name), key=True)
        found.append(Problem("error", failure, place, f"{section}.{name}"))
    others = [text for text in outcome.failures if text not in said]  # a lost scope has no view to point at
    return found + [Problem("error", text, ready.opened.root.place, "views") for text in others]


def _names(ready: Ready) -> dict[str, str]:
    """What the file calls each block, by the block's key."""
    from core.reports.assembly import placed

    views = ready.opened.file.views if ready.opened.file else {}
    named = (name for name, view in views.items() if view.plugin != "section")
    return {key: name for (key, _), name in zip(placed(ready.plan), named, strict=True)}


def outcome(ready: Ready, wish: Wish, outcome: Outcome, failures: list[Problem], seconds: float, *, dry: bool) -> None:
    """Everything, as people or as machines read it."""
    if wish.json:
        _machines(ready, outcome, failures, seconds)
        return
    if dry or wish.verbose:
        _lines(line for asked in outcome.asked for line in query_lines(asked, whole=dry or wish.verbose > 1))
    _lines(f"{one.name}: {one.answer}" for one in outcome.sent if not one.failure)
    _lines((str(one) for one in failures), err=True)
    if wish.verbose > 1:
        _lines((text for one in outcome.views if one.error for text in traceback.format_exception(one.error)), err=True)
    say(summary(ready, outcome, seconds, dry=dry))


def summary(ready: Ready, outcome: Outcome, seconds: float, *, dry: bool) -> str:
    """ "Weekly, 2 Mar 2026 – 8 Mar 2026: 3 of 4 views, 1 of 1 outputs, 0.42 s"."""
    document = outcome.document
    blocks = sum(1 for section in ready.plan.sections for _ in section.blocks)
    arrived = sum(1 for one in outcome.sent if not one.failure)
    outputs = "nothing sent" if dry else f"{arrived} of {counted(len(outcome.sent), 'output')}"
    views = f"{blocks - len(outcome.failures)} of {counted(blocks, 'view')}"
    return f"{document.title}, {document.period_label}: {views}, {outputs}, {seconds:.2f} s"


def query_lines(asked: Asked, *, whole: bool) -> Iterator[str]:
    """A question: where it was asked, what, and what came back."""
    answer = asked.answer
    statement = " ".join(((answer.statement if answer else "") or asked.query.text).split())
    yield f"{asked.query.datasource}: {statement if whole or len(statement) <= 100 else statement[:99] + '…'}"
    if whole and answer and answer.parameters:
        yield "    with " + ", ".join(f"{name} = {value}" for name, value in answer.parameters.items())
    if answer is None:
        yield f"    failed: {asked.error}"
        return
    columns = f" ({', '.join(f'{name} {kind}' for name, kind in shape(asked))})" if whole else ""
    yield f"    {_rows(answer)} × {counted(answer.table.num_columns, 'column')}{columns}, {answer.seconds:.3f} s"
    if answer.note:
        yield f"    {answer.note}"


def shape(asked: Asked) -> list[tuple[str, str]]:
    """Names and types of the columns that came back."""
    if asked.answer is None:
        return []
    return [(field.name, str(field.type)) for field in asked.answer.table.schema]


def _rows(answer: Any) -> str:
    if answer.total is None or answer.total == answer.rows:
        return counted(answer.rows, "row")
    return f"{answer.rows:,} of {counted(answer.total, 'row')}"


def _machines(ready: Ready, outcome: Outcome, failures: list[Problem], seconds: float) -> None:
    from core.entrypoints.cli.out import show

    window = outcome.window
    facts = {
        "title": outcome.document.title,
        "start": window.start,
        "end": window.end,
        "time_zone": window.zone,
        "interval_days": window.interval_days,
        "status": "partial" if failures else "success",
        "outputs": [{"name": one.name, "plugin": one.plugin, "answer": one.answer} for one in outcome.sent],
        "queries": [_query_facts(asked) for asked in outcome.asked],
        "failures": [one.facts() for one in failures],
        "warnings": [one.facts() for one in ready.opened.findings.warnings],
        "seconds": round(seconds, 3),
    }
    show(facts, as_json=True)


def _query_facts(asked: Asked) -> dict[str, Any]:
    answer = asked.answer
    return {
        "datasource": asked.query.datasource,
        "statement": (answer.statement if answer else "") or asked.query.text,
        "parameters": dict(answer.parameters) if answer else {},
        "rows": answer.rows if answer else None,
        "total": answer.total if answer else None,
        "columns": [{"name": name, "type": kind} for name, kind in shape(asked)],
        "seconds": round(answer.seconds, 4) if answer else None,
        "error": asked.error,
    }


def _lines(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        say(line.rstrip("\n"), err=err)

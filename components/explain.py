"""Where a number comes from: its definition, what it was made of, and the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from components import choices, draw, guard, row_files
from core.base.period import zone_of
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context
from core.documents import wording
from core.exports.lists import Wanted
from core.figures import Explain, Figure, number_text
from core.widgets.focus import asked, explained

SHOWN_ROWS = 500
NAMED_SOURCES = 4
WHOLE = "All that the page shows"

Numbers = dict[str, list[Scope]]
"""Metrics by key, each with the scopes that the page shows it in."""


def button(ctx: Context, about: Explain, key: str) -> None:
    """A small button beside a number that opens its explanation."""
    if st.button(
        "Explain", key=f"explain-{key}", type="tertiary", icon=":material/info:", help="Where this comes from"
    ):
        _dialog(ctx, about)


def chooser(ctx: Context, whole: Scope, counted: Iterable[tuple[Figure, Scope]]) -> None:
    """One button for every number of a board or a report, also those in its tables and charts.

    Each figure comes with the scope in which it was counted, `whole` unless it is about somebody of its own.
    """
    numbers = _numbers(counted)
    if whole.period is None or not numbers:
        return
    if st.button("Explain a number", icon=":material/help:", type="tertiary", key="explain-any"):
        _choose(ctx, replace(whole, compare=None), numbers)


def panel(ctx: Context, about: Explain) -> None:
    """The explanation itself: definition, formula, what was counted and left out, and the rows."""
    scope = asked(ctx, about)
    with guard.errors():
        told = catalogue.explain(ctx, about.metric, scope)
        metric = METRICS.get(about.metric)
        st.metric(metric.label, number_text(told.value.value, metric.unit))
        if told.value.state_text:
            st.info(told.value.state_text)
        st.markdown(told.definition)
        _facts(ctx, scope, told)
        _rows(ctx, about.metric, scope)
        with st.expander("Formula and query"):
            st.markdown(f"Version {told.version} · `{told.formula}`")
            st.code(told.sql, language="sql")


def _facts(ctx: Context, scope: Scope, told: catalogue.Explanation) -> None:
    """Who, when, how many rows, what was left out, and how fresh it is."""
    assert scope.period is not None
    lines = [("Period", f"{scope.period.label(scope.time_zone)} ({scope.time_zone})"), ("About", _whom(ctx, scope))]
    lines.append(("Rows behind it", f"{told.n:,}"))
    lines.append(("Left out", wording.left_out_text(told.excluded) or "nothing"))
    more = f" and {len(told.sources) - NAMED_SOURCES} more" if len(told.sources) > NAMED_SOURCES else ""
    lines.append(("Sources", (", ".join(told.sources[:NAMED_SOURCES]) + more) or "none"))
    if told.watermark:
        local = told.watermark.astimezone(zone_of(ctx.workspace.time_zone))
        lines.append(("Complete until", f"{local:%-d %b %Y, %H:%M}"))
    st.markdown("\n".join(f"- **{name}:** {text}" for name, text in lines))


def _whom(ctx: Context, scope: Scope) -> str:
    known = (
        (scope.person_ids, choices.people),
        (scope.team_ids, choices.teams),
        (scope.repo_ids, choices.repositories),
        (scope.component_ids, choices.components),
    )
    parts = [", ".join(names(ctx).get(one, one) for one in ids) for ids, names in known if ids]
    parts += [scope.folder] if scope.folder else []
    return " · ".join(parts) or f"everybody in {ctx.workspace.name}"


def _rows(ctx: Context, key: str, scope: Scope) -> None:
    """The rows behind a number show individuals, so they obey the same rule."""
    if not (scope.person_ids or ctx.sees_scope(team_ids=scope.team_ids)):
        st.caption("This workspace does not show these individuals to you, so the rows behind the number stay closed.")
        return
    shown = catalogue.evidence(ctx, key, scope, limit=SHOWN_ROWS)
    draw.figure(ctx, shown)
    total = shown.total_rows if len(shown.rows) >= SHOWN_ROWS else len(shown.rows)
    row_files.buttons(ctx, Wanted(of="metric", metric=key, scope=replace(scope, compare=None)), total)


@st.dialog("Where this number comes from", width="large")
def _dialog(ctx: Context, about: Explain) -> None:
    panel(ctx, about)


@st.dialog("Where a number comes from", width="large")
def _choose(ctx: Context, whole: Scope, numbers: Numbers) -> None:
    picked = st.selectbox("Number", numbers, format_func=lambda key: METRICS.get(key).label, key="explain-metric")
    scopes = numbers[picked]
    if len(scopes) > 1:
        words = {_words(ctx, whole, scope): scope for scope in scopes}
        scopes = [words[st.selectbox("As shown for", list(words), key=f"explain-where-{picked}")]]
    if about := explained(_whose(ctx, whole, scopes[0]), picked):
        panel(ctx, about)


def _words(ctx: Context, whole: Scope, scope: Scope) -> str:
    return WHOLE if scope == whole else _whom(ctx, scope)


def _whose(ctx: Context, whole: Scope, scope: Scope) -> Scope:
    """The scope, or one person, team or component of it."""
    options = {"": _words(ctx, whole, scope)}
    if len(scope.person_ids) != 1:
        options |= {f"team:{one}": name for one, name in choices.teams(ctx).items()}
        people = choices.people(ctx)
        seen = (one for one in scope.person_ids or people if one in people and ctx.sees_person(one))
        options |= {f"person:{one}": people[one] for one in seen}
    options |= {f"component:{one}": name for one, name in choices.components(ctx).items()}
    if len(options) == 1:
        return scope
    picked = st.selectbox("Of", list(options), format_func=options.__getitem__, key="explain-whose")
    kind, _, one = picked.partition(":")
    if kind == "team":
        return replace(scope, team_ids=(one,))
    if kind == "component":
        return replace(scope, component_ids=(one,))
    return replace(scope, person_ids=(one,)) if kind == "person" else scope


def _numbers(counted: Iterable[tuple[Figure, Scope]]) -> Numbers:
    """Every metric that is drawn, in the order of the catalogue, with the scopes that it is drawn in."""
    drawn: dict[str, list[Scope]] = {}
    for figure, scope in counted:
        for name in (name.partition("@")[0] for origin in figure.provenance for name in origin.metrics):
            drawn.setdefault(name, []).append(replace(scope, compare=None))
    return {metric.key: list(dict.fromkeys(drawn[metric.key])) for metric in METRICS if metric.key in drawn}

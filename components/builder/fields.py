"""A widget's settings as fields, drawn from its model: what a plugin brings gets its fields as ours do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args, get_origin

import streamlit as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from components import choices
from components.draw.words import plain
from core.catalogue import METRICS, dora
from core.context import Context

LABELS = {
    "metric": "Metric", "metrics": "Metrics", "by": "Broken down by", "of": "What is compared",
    "grain": "One step is a",
    "compare": "Draw the comparison too", "mark": "Drawn as", "limit": "Show at most", "bins": "Number of bars",
    "spark": "With a small line of its history", "dora_year": "DORA bands of the year", "subject": "Which one",
    "repo": "Repository", "path": "Folder or file", "kind": "Kind of skill", "skills": "Skills at most",
    
    "threshold": "Distance from the usual", "least_z": "Standard deviations, at least",
    "least_history": "Weeks of history, at least", "rank": "Which of them",
    "ties": "Ties at most", "colour": "Colours show", "person": "Person", "team": "Team", "component": "Component",
}  # fmt: skip
WORDS = {
    "": "Nothing", "auto": "Whatever fits", "day": "Day", "week": "Week", "month": "Month",
    "line": "Line", "bar": "Bars",
    "area": "Area", "person": "Person", "team": "Team", "repo": "Repository", "component": "Component",
    "period": "Two periods", "work": "Working time", "commits": "Commits", "language": "Languages",
    "framework": "Frameworks", "area_": "Areas", "community": "Communities", "now": "This period",
    "before": "The comparison",
}  # fmt: skip
ELSEWHERE = ("title", "person", "team", "component")
"""Fields of every widget: a block has a title and filters of its own. Those that are set, or needed, are shown."""

Set = Callable[[str, Any], None]


def draw(ctx: Context, model: type[BaseModel], params: Mapping[str, Any], key: Callable[[str], str], put: Set,
         needs: tuple[str, ...] = ()) -> None:  # fmt: skip
    """A field for each setting; `put(name, value)` is called with what was changed."""
    for name, field in model.model_fields.items():
        if name in ELSEWHERE and name not in needs and not params.get(name):
            continue
        if name == "title" or (name == "dora_year" and params.get("metric") not in dora.KEYS):
            continue
        _field(ctx, name, field, params, key(name), put)


def _field(ctx: Context, name: str, field: FieldInfo, params: Mapping[str, Any], key: str, put: Set) -> None:
    now = params.get(name, None if field.is_required() else field.default)
    label, help_ = LABELS.get(name, field.title or name.replace("_", " ").capitalize()), field.description
    options = _options(ctx, name, field, params)
    said: dict[str, Any] = {"key": key, "help": help_, "on_change": lambda: put(name, _read(key))}
    if _is_metrics(field):
        known = metrics()
        st.multiselect(
            label, list(known), [one for one in now or () if one in known], format_func=known.__getitem__, **said
        )
    elif options is not None:
        _one(label, options, now, said)
    elif field.annotation is bool:
        st.toggle(label, bool(now), **said)
    elif field.annotation is int:
        st.number_input(label, min_value=1, value=now if isinstance(now, int) else None, step=1, **said)
    elif field.annotation is float:
        st.number_input(label, min_value=0.0, value=float(now) if isinstance(now, int | float) else None, **said)
    elif field.annotation is str:
        st.text_input(label, str(now or ""), **said)
    else:
        st.caption(f"**{plain(label)}** is set in the report's file: {plain(str(now))}")


def _one(label: str, options: Mapping[str, str], now: Any, said: dict[str, Any]) -> None:
    known = dict(options)
    if now is not None and str(now) not in known:
        known[str(now)] = f"{now} (no longer there)"
    names = list(known)
    st.selectbox(
        label, names, names.index(str(now)) if now is not None and str(now) in names else None,
        format_func=known.__getitem__, placeholder="Choose one", **said,
    )  # fmt: skip


def _options(ctx: Context, name: str, field: FieldInfo, params: Mapping[str, Any]) -> Mapping[str, str] | None:
    """What a field may be, by its label; None where anything may be written."""
    if get_origin(field.annotation) is Literal:
        return {str(one): _word(name, str(one)) for one in get_args(field.annotation)}
    if name == "subject":
        return _subjects(ctx, str(params.get("of", "team")))
    extra = field.json_schema_extra
    source = extra.get("choices") if isinstance(extra, dict) else None
    match source:
        case "metrics":
            return metrics()
        case "people":
            return {"": "Everybody"} | {one: who for one, who in choices.people(ctx).items() if ctx.sees_person(one)}
        case "teams":
            return {"": "All teams"} | choices.teams(ctx)
        case "repositories":
            return {"": "All repositories"} | choices.repositories(ctx)
        case "components":
            return {"": "Everything"} | choices.components(ctx)
    return None


def _subjects(ctx: Context, of: str) -> Mapping[str, str]:
    match of:
        case "period":
            return {"now": WORDS["now"], "before": WORDS["before"]}
        case "person":
            return {one: who for one, who in choices.people(ctx).items() if ctx.sees_person(one)}
        case "component":
            return choices.components(ctx)
    return choices.teams(ctx)


def _word(name: str, value: str) -> str:
    if (name, value) == ("kind", "area"):
        return WORDS["area_"]
    return WORDS.get(value, value.replace("_", " ").capitalize())


def _is_metrics(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is tuple


def metrics() -> dict[str, str]:
    """Labels by key, as pickers offer them: by category, then by name."""
    ordered = sorted(METRICS, key=lambda one: (one.category, one.label.casefold()))
    return {one.key: f"{one.label} · {one.category.capitalize()}" for one in ordered}


def _read(key: str) -> Any:
    found = st.session_state[key]
    return list(found) if isinstance(found, list | tuple) else found

"""The settings of a kind of connection as fields: whatever its Args model has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from core.connections.fields import Field, fields

KEPT = "Set. Leave empty to keep it."


def draw(
    model: Any, now: Mapping[str, Any], secrets: Sequence[str], key: str, later: Collection[str] = ()
) -> dict[str, Any]:
    """Draw the fields, filled with what is set now; the settings as somebody has them then.

    Those named in `later` are what a report may say for itself: they stand apart.
    """
    given: dict[str, Any] = {}
    known = [field for field in fields(model) if field.path not in later]
    chosen = _several_of(known, given, now, secrets, key)
    aside = [field for field in known if field.aside and field.applies(chosen)]
    if aside:
        with st.expander("More settings"):
            for field in aside:
                _keep(given, field, _one(field, now, secrets, key))
    if left := [field for field in fields(model) if field.path in later]:
        with st.expander("Unless a report says otherwise"):
            _several_of(left, given, now, secrets, key)
    return given


def _several_of(
    known: Sequence[Field], given: dict[str, Any], now: Mapping[str, Any], secrets: Sequence[str], key: str
) -> dict[str, Any]:
    """Choices first, since others may mean nothing beside them; then the rest, two by two. What was chosen."""
    choices = [field for field in known if field.shape == "choice" and not field.aside]
    for field in choices:
        _keep(given, field, _one(field, now, secrets, key))
    chosen = _chosen(choices, given)
    rest = [field for field in known if field not in choices and not field.aside and field.applies(chosen)]
    for pair in _pairs(rest):
        for field, place in zip(pair, st.columns(len(pair)) if len(pair) > 1 else [st.container()], strict=True):
            with place:
                _keep(given, field, _one(field, now, secrets, key))
    return chosen


def _chosen(choices: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    return {field.path: given.get(field.path, field.default) for field in choices}


def _pairs(known: Sequence[Field]) -> list[list[Field]]:
    """Short fields two by two; those of several lines alone."""
    rows: list[list[Field]] = []
    for field in known:
        wide = field.shape in ("pairs", "lines")
        if rows and not wide and len(rows[-1]) == 1 and rows[-1][0].shape not in ("pairs", "lines"):
            rows[-1].append(field)
        else:
            rows.append([field])
    return rows


def _keep(given: dict[str, Any], field: Field, value: Any) -> None:
    """Put a value where its path says, unless it is what is meant anyway."""
    if value in ("", None, {}, []) or (value == field.default and field.shape != "secret"):
        return
    first, _, rest = field.path.partition(".")
    if rest:
        given.setdefault(first, {})[rest] = value
    else:
        given[first] = value


def _one(field: Field, now: Mapping[str, Any], secrets: Sequence[str], key: str) -> Any:
    label = field.label if not field.required else f"{field.label} (needed)"
    value, spot, about = _now(field, now), f"{key}_{field.path}", field.about or None
    match field.shape:
        case "secret":
            hint = KEPT if field.path in secrets else ""
            return st.text_input(
                label, type="password", key=spot, help=about, placeholder=hint, autocomplete="new-password",
                live="0ms",  # left by Tab, the field gives its focus to the eye and would never hand its value over
            )  # fmt: skip
        case "choice":
            options = list(field.choices)
            return st.selectbox(
                label, options, _place(options, value), key=spot, help=about, format_func=field.choices.__getitem__
            )
        case "flag":
            return st.toggle(label, bool(value), key=spot, help=about)
        case "whole":
            return st.number_input(label, value=value, step=1, key=spot, help=about)
        case "number":
            return st.number_input(label, value=None if value is None else float(value), key=spot, help=about)
        case "pairs":
            return _several(label, value or {}, secrets, field, spot)
        case "lines":
            listed = [value] if isinstance(value, str) else value or []
            lines = st.text_area(label, "\n".join(map(str, listed)), key=spot, help=about, height=80)
            return [line.strip() for line in lines.splitlines() if line.strip()]
    return st.text_input(label, str(value or ""), key=spot, help=about)


def _place(options: Sequence[str], value: Any) -> int:
    """Where a choice stands that a file or a command may have written as true or false."""
    text = {"true": "yes", "false": "none"}.get(str(value).lower(), str(value))
    return options.index(text) if text in options else 0


def _several(label: str, value: Mapping[str, Any], secrets: Sequence[str], field: Field, spot: str) -> dict[str, str]:
    """Names with values, a line each."""
    shown = "\n".join(f"{name}: {one}" for name, one in value.items())
    text = st.text_area(label, shown, key=spot, help=field.about or None, height=80, placeholder="Name: value")
    hidden = [path.partition(".")[2] for path in secrets if path.startswith(f"{field.path}.")]
    if hidden:
        st.caption(f"Set and kept: {', '.join(hidden)}")
    pairs = (line.partition(":") for line in text.splitlines() if line.strip())
    return {name.strip(): one.strip() for name, _, one in pairs}


def _now(field: Field, now: Mapping[str, Any]) -> Any:
    first, _, rest = field.path.partition(".")
    value = now.get(first)
    if rest:
        value = value.get(rest) if isinstance(value, Mapping) else None
    return field.default if value is None else value

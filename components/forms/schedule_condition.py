"""When a scheduled report is worth sending: always, after an unusual week, or beyond a bound of a metric."""

from __future__ import annotations

import streamlit as st

from core.catalogue import METRICS
from core.schedules.condition import ANOMALY, WORDS, Condition

_KINDS = {"": "Every time", ANOMALY: "Only if a week was unusual", "metric": "Only if a number is beyond a bound"}


def choose(now: str, key: str) -> str:
    """What is chosen, as a condition is written; empty for every time."""
    was = Condition.read(now)
    kind = "" if was is None else "metric" if was.metric else ANOMALY
    chosen = st.selectbox(
        "Send it", list(_KINDS), index=list(_KINDS).index(kind), format_func=_KINDS.__getitem__, key=f"when_{key}",
        help="The report runs and its result is kept all the same; the mail goes out only if this is so.",
    )  # fmt: skip
    return _bound(was if was and was.metric else None, key) if chosen == "metric" else chosen


def _bound(was: Condition | None, key: str) -> str:
    keys = sorted(METRICS.keys(), key=lambda one: METRICS.get(one).label)
    number, than, bound = st.columns([3, 2, 2], vertical_alignment="bottom")
    metric = number.selectbox(
        "Number", keys, index=keys.index(was.metric if was else "change_failure_rate"),
        format_func=lambda one: METRICS.get(one).label, key=f"when_metric_{key}",
    )  # fmt: skip
    operator = than.selectbox(
        "Is", list(WORDS), index=list(WORDS).index(was.operator if was else ">"), format_func=WORDS.__getitem__,
        key=f"when_is_{key}",
    )  # fmt: skip
    share = Condition(metric).is_share
    before = was.bound if was and was.metric == metric else 0.0
    value = bound.number_input(
        "Bound" + (" (%)" if share else ""), value=before * (100 if share else 1), key=f"when_bound_{key}_{metric}"
    )
    return f"{metric} {operator} {value:g}{'%' if share else ''}"

"""The form of an alert rule: what is watched, when it tells, whom; and what it would have found in the past."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import choices, draw, guard
from components.draw.words import plain, sentence
from core.alerts import service
from core.alerts.evaluation import TRIED_DAYS, Trial, Tried
from core.alerts.judging import CONDITIONS, DIRECTIONS
from core.alerts.telling import chart
from core.alerts.views import RuleView
from core.alerts.wish import PERIODS, SUBJECTS, Wish
from core.catalogue import METRICS
from core.connections import service as connections
from core.context import Context
from core.figures import Unit, number_text

_NOTE = "_alert_note"
DRAWN = 4
"""Courses that a trial draws; those that fired first."""
UNITS = {
    Unit.RATIO: "%", Unit.HOURS: "hours", Unit.DAYS: "days", Unit.PER_DAY: "a day", Unit.PER_WEEK: "a week",
    Unit.LINES: "lines", Unit.SCORE: "from 0 to 1",
}  # fmt: skip


def note() -> None:
    """What the last action did, once."""
    if said := st.session_state.pop(_NOTE, ""):
        st.toast(said, icon=":material/check:")


def say(text: str) -> None:
    """Have `note` say this after the next rerun."""
    st.session_state[_NOTE] = text


@st.dialog("New alert rule", width="large")
def create(ctx: Context) -> None:
    """Ask for a new rule."""
    new_form(ctx)


@st.dialog("Change the alert rule", width="large")
def change(ctx: Context, view: RuleView) -> None:
    """Ask for another threshold, other subjects or recipients."""
    change_form(ctx, view)


def new_form(ctx: Context) -> None:
    """What the dialog for a new rule holds."""
    own = (ctx.actor.email,) if ctx.actor.email else ()
    wish = _fields(ctx, Wish(recipients=own), "new")
    _try(ctx, wish, "new")
    if st.button("Save the rule", type="primary", key="alert_create"):
        with guard.errors():
            made = service.create(ctx, wish)
            say(f"'{made.name}' watches from now on.")
            st.rerun()


def change_form(ctx: Context, view: RuleView) -> None:
    """What the dialog for a change holds."""
    wish = _fields(ctx, view.wish, view.id)
    _try(ctx, wish, view.id)
    st.caption("With another metric, condition or threshold the rule begins anew today; what it found stays.")
    if st.button("Save", type="primary", key=f"alert_save_{view.id}"):
        with guard.errors():
            changed = service.update(ctx, view.id, **{name: getattr(wish, name) for name in Wish.__slots__})
            say(f"'{changed.name}' is saved.")
            st.rerun()


def _fields(ctx: Context, now: Wish, key: str) -> Wish:
    """The wish as it stands in the form."""
    keys = [metric.key for metric in METRICS]
    left, right = st.columns(2, gap="large")
    with left:
        metric = st.selectbox(
            "Metric", keys, index=keys.index(now.metric), format_func=lambda one: METRICS.get(one).label,
            key=f"alert_metric_{key}", help="Any metric of the catalogue.",
        )  # fmt: skip
        st.caption(plain(METRICS.get(metric).about))
        wish = _whom(ctx, replace(now, metric=metric), key)
        period = st.selectbox(
            "Look", list(PERIODS), index=list(PERIODS).index(now.terms.period_type), format_func=PERIODS.__getitem__,
            key=f"alert_period_{key}", help="At each whole day, week or month, once it is over.",
        )  # fmt: skip
        wish = replace(wish, period_type=period.value)
    with right:
        wish = _when(wish, key)
        return _told(ctx, wish, key)


def _whom(ctx: Context, now: Wish, key: str) -> Wish:
    kinds = [kind for kind in SUBJECTS if kind != "person" or ctx.sees_individuals() or ctx.own_people]
    if not choices.components(ctx) and now.subject_kind != "component":
        kinds.remove("component")
    kind = st.selectbox(
        "Of", kinds, index=kinds.index(now.subject_kind) if now.subject_kind in kinds else 0,
        format_func=SUBJECTS.__getitem__, key=f"alert_kind_{key}",
    )  # fmt: skip
    known = {"team": choices.teams, "repo": choices.repositories, "person": choices.people,
             "component": choices.components}.get(kind)  # fmt: skip
    if known is None:
        return replace(now, subject_kind=kind, subject_ids=())
    options = {one: name for one, name in known(ctx).items() if kind != "person" or ctx.sees_person(one)}
    held = [one for one in now.subject_ids if one in options] if kind == now.subject_kind else []
    chosen = st.multiselect(
        "Only these", list(options), held, format_func=options.__getitem__, key=f"alert_ids_{kind}_{key}",
        placeholder="Choose people" if kind == "person" else "Each one there is",
    )  # fmt: skip
    return replace(now, subject_kind=kind, subject_ids=tuple(chosen))


def _when(now: Wish, key: str) -> Wish:
    condition = st.selectbox(
        "Tell when it is", list(CONDITIONS), index=list(CONDITIONS).index(now.condition),
        format_func=CONDITIONS.__getitem__, key=f"alert_condition_{key}",
    )  # fmt: skip
    wish = replace(now, condition=condition)
    if condition in ("above", "below"):
        wish = replace(wish, threshold=_limit(wish, now, key))
    else:
        share = now.threshold if now.condition in ("change", "outlier") else 0.3
        left, right = st.columns(2)
        percent = left.number_input("By more than (%)", 1.0, 1000.0, share * 100, 5.0, key=f"alert_share_{key}")
        way = right.selectbox(
            "Which way", list(DIRECTIONS), index=list(DIRECTIONS).index(now.direction),
            format_func=DIRECTIONS.__getitem__, key=f"alert_way_{key}",
        )  # fmt: skip
        wish = replace(wish, threshold=percent / 100, direction=way)
    with st.expander("How sure, and how often"):
        return _sure(wish, key)


def _limit(wish: Wish, now: Wish, key: str) -> float:
    """The threshold in the metric's unit; a share is typed as a percentage."""
    unit = METRICS.get(wish.metric).unit
    factor = 100.0 if unit is Unit.RATIO else 1.0
    held = now.threshold * factor if now.condition in ("above", "below") and now.metric == wish.metric else 10.0
    label = f"Value ({UNITS[unit]})" if unit in UNITS else "Value"
    return float(st.number_input(label, value=held, key=f"alert_limit_{wish.metric}_{key}")) / factor


def _sure(now: Wish, key: str) -> Wish:
    rows = st.number_input(
        "Rows behind a value, at least", 0, 10_000, now.least_rows, key=f"alert_rows_{key}",
        help="An average of two pull requests is chance.",
    )  # fmt: skip
    rests = st.number_input("Periods to rest after a finding", 0, 100, now.cooldown, key=f"alert_rest_{key}")
    wish = replace(now, least_rows=int(rows), cooldown=int(rests))
    if now.condition != "outlier":
        return wish
    score = st.number_input(
        "Robust z, at least", 1.0, 20.0, now.least_z, 0.5, key=f"alert_z_{key}",
        help="Distance from the median in robust standard deviations (median absolute deviation × 1.4826).",
    )  # fmt: skip
    known = st.number_input("Earlier periods with a value, at least", 4, 100, now.least_history, key=f"alert_n_{key}")
    return replace(wish, least_z=float(score), least_history=int(known))


def _told(ctx: Context, now: Wish, key: str) -> Wish:
    to = st.text_area(
        "Mail to", "\n".join(now.recipients), key=f"alert_to_{key}", height=80, placeholder="team@example.org",
        help="Addresses, one a line. May stay empty: findings always stand on this page.",
    )  # fmt: skip
    name = st.text_input("Name", now.name, key=f"alert_name_{key}", placeholder="Made of the rest")
    wish = replace(now, recipients=(to,) if to.strip() else (), name=name)
    slack = [view.name for view in connections.connections(ctx) if view.plugin == "slack"]
    if not slack:
        st.caption("To tell a Slack channel, an admin adds a Slack connection under Connections.")
        return replace(wish, slack_connection="", slack_channels=())
    held = slack.index(now.slack_connection) if now.slack_connection in slack else None
    chosen = st.selectbox("Slack connection", slack, index=held, placeholder="None", key=f"alert_slack_{key}")
    if not chosen:
        return replace(wish, slack_connection="", slack_channels=())
    channels = st.text_input("Channels", ", ".join(now.slack_channels), key=f"alert_channels_{key}", placeholder="#ops")
    return replace(wish, slack_connection=chosen, slack_channels=tuple(channels.split(",")))


def _try(ctx: Context, wish: Wish, key: str) -> None:
    """What the rule would have found, with the course that it would have found it in."""
    if not st.toggle(f"Try it on the last {TRIED_DAYS} days", key=f"alert_try_{key}"):
        return
    with guard.errors():
        trial = service.trial(ctx, wish)
        st.markdown(f"**{trial.sentence}**")
        for one in _worth_drawing(trial):
            _tried(ctx, trial, one)
        if len(trial.subjects) > DRAWN:
            st.caption(f"{DRAWN} of {len(trial.subjects)} are drawn, those that fired most first.")


def _worth_drawing(trial: Trial) -> list[Tried]:
    return sorted(trial.subjects, key=lambda one: -len(one.fired))[:DRAWN]


def _tried(ctx: Context, trial: Trial, one: Tried) -> None:
    unit = METRICS.get(trial.wish.metric).unit
    marked = {fired.point.first: number_text(fired.point.value, unit) for fired in one.fired}
    course = [(point.first, point.shown) for point in one.points]
    title = f"{plain(one.subject.name)}: {_times(len(one.fired))}"
    draw.figure(ctx, chart(trial.wish.metric, course, marked, title), f"trial-{one.subject.id}")
    for fired in one.fired:
        st.caption(f"{fired.point.first:%-d %b %Y}: {sentence(fired.verdict.sentence)}")
    if one.rested:
        st.caption(f"{one.rested} more fell into the rest after a finding.")
    if one.silent:
        st.caption(sentence(one.silent))


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")

"""Finding pull requests, and the course of one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from components import draw, explain, nothing, row_files
from components.draw import table, timeline
from components.draw.words import plain
from core.base.counted import counted
from core.catalogue import milestones, phases, pulls
from core.catalogue.pulls import Found, Pull, Wish
from core.catalogue.scope import Scope
from core.context import Context
from core.documents import arrow, wording
from core.exports.lists import Wanted
from core.figures import Cell, Column, Provenance, Table, Unit, number_text

LARGEST = 2**32 - 1
"""The largest number that the store keeps of a pull request."""
EXPLAINED = (
    "prs_opened", "prs_merged", "pr_merge_rate", "open_prs_count", "avg_pr_size", "avg_pr_cycle_time_hours",
    "avg_time_to_first_review_hours", "pr_coding_hours", "pr_draft_hours", "pr_pickup_hours", "pr_review_hours",
    "pr_merge_wait_hours", "pr_total_hours",
)  # fmt: skip
"""What is counted of the pull requests that are listed, and of their phases."""
_ICONS = {"merged": "green", "open": "blue", "draft": "gray", "closed": "red"}


def wish() -> Wish:
    """What is looked for, kept in the address as ?q=, ?state= and ?order=."""
    _read("pull_words", st.query_params.get("q", ""))
    _read("pull_states", [one for one in st.query_params.get_all("state") if one in pulls.STATES])
    asked = st.query_params.get("order", "")
    _read("pull_order", asked if asked in pulls.ORDERS else next(iter(pulls.ORDERS)))
    with st.container(horizontal=True, vertical_alignment="bottom", key="pull_wish"):
        words = st.text_input("Search", key="pull_words", placeholder="Title, label, milestone or number", width=320)
        states = st.pills(
            "State", list(pulls.STATES), format_func=pulls.STATES.__getitem__, selection_mode="multi",
            key="pull_states",
        )  # fmt: skip
        order = st.selectbox(
            "Order", list(pulls.ORDERS), format_func=pulls.ORDERS.__getitem__, key="pull_order", width=210
        )
    _write(q=[words] if words else [], state=list(states), order=[] if order == next(iter(pulls.ORDERS)) else [order])
    return Wish(words, tuple(states), order, _named(st.query_params.get("milestone", "")))


def _read(key: str, written: Any) -> None:
    """On a page newly opened the widget takes what the address says."""
    if key not in st.session_state:
        st.session_state[key] = written


def _write(**chosen: list[str]) -> None:
    for name, values in chosen.items():
        if st.query_params.get_all(name) == values:
            continue
        if values:
            st.query_params[name] = values
        else:
            del st.query_params[name]


def show(ctx: Context, scope: Scope, asked: Wish) -> None:
    """The list, and the one that was chosen or that the address names as ?pull=repository:number."""
    _planned(ctx, asked)
    found = pulls.found(ctx, scope, asked)
    if not found.keys:
        nothing.show(ctx, _nothing(asked), "sources", ":material/search:")
        return
    chosen = _table(ctx, found)
    st.caption(_count(found))
    explain.chooser(ctx, scope, [(Table(provenance=[Provenance(metrics=list(EXPLAINED))]), scope)])
    row_files.buttons(ctx, _every(scope, asked), found.total)
    key = chosen or _named(st.query_params.get("pull", ""))
    if chosen:
        st.query_params["pull"] = f"{chosen[0]}:{chosen[1]}"
    if key is None:
        st.caption("Choose a row to see what happened to it, and how long each phase took.")
        return
    detail(ctx, pulls.one(ctx, *key))


def _every(scope: Scope, asked: Wish) -> Wanted:
    """All that the list has, for a file."""
    return Wanted(
        of="pulls", scope=replace(scope, compare=None), words=asked.words, states=asked.states, order=asked.order,
        milestone=asked.milestone,
    )  # fmt: skip


def _planned(ctx: Context, asked: Wish) -> None:
    """Which milestone the list is cut down to, and the way back."""
    if asked.milestone is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Planned for **{plain(milestones.named(ctx, *asked.milestone))}**")
        if st.button("Show all", key="pull_milestone_off", type="tertiary", icon=":material/close:"):
            del st.query_params["milestone"]
            st.rerun()


def detail(ctx: Context, pull: Pull) -> None:
    """One pull request: where its time went, its timeline, and every event."""
    with st.container(border=True, key="pull_detail"):
        st.subheader(f"{plain(pull.repo)} #{pull.number}: {plain(pull.title)}", anchor=False)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(pulls.STATES.get(pull.state, pull.state), color=_ICONS.get(pull.state, "gray"))  # type: ignore[arg-type]
            for label in pull.labels:
                st.badge(plain(label), color="gray")
            lines = f" · {counted(pull.lines, 'line')}" if pull.lines is not None else ""
            st.markdown(f"by **{plain(pull.author)}**{lines}")
            if pull.url.startswith(("http://", "https://")):
                st.link_button("Open at the host", pull.url, icon=":material/open_in_new:", type="tertiary")
        _phases(ctx, pull)
        timeline.draw(pull, f"{pull.repo_id}-{pull.number}")
        with st.expander(counted(len(pull.events), "event")):
            draw.figure(ctx, _events(pull), f"pull-{pull.repo_id}-{pull.number}")


def _phases(ctx: Context, pull: Pull) -> None:
    known = [one for one in pull.course if one.name != phases.DEPLOY.name]
    with st.container(horizontal=True, gap="large", key="pull_phases"):
        for one in known:
            st.metric(one.name.capitalize(), number_text(one.hours, Unit.HOURS), help=one.about, width="content")
        st.metric("First commit to merge", number_text(pull.whole, Unit.HOURS), width="content")
    unknown = [one.name for one in known if one.hours is None]
    if unknown and pull.state == "merged":
        st.caption(f"Not known: {', '.join(unknown)}.")
    with st.expander("Explain the phases", icon=":material/info:"):
        draw.figure(ctx, _course(pull), f"phases-{pull.repo_id}-{pull.number}")
        st.markdown("\n".join(f"- **{one.name.capitalize()}:** {one.about}" for one in pull.course))


def _course(pull: Pull) -> Table:
    cols = [
        Column(key="phase", label="Phase"),
        Column(key="took", label="Took", kind="hours"),
        Column(key="begins", label="From"),
        Column(key="begins_at", label="At", kind="moment"),
        Column(key="ends", label="To"),
        Column(key="ends_at", label="At", kind="moment"),
    ]
    rows: list[list[Cell]] = [
        [one.name.capitalize(), one.hours, one.begins, one.begins_at, one.ends, one.ends_at] for one in pull.course
    ]
    if any(one.unknown for one in pull.course):
        cols.insert(2, Column(key="unknown", label="Not known because"))
        for row, one in zip(rows, pull.course, strict=True):
            row.insert(2, one.unknown or None)
    return Table(cols=cols, rows=rows)


def _events(pull: Pull) -> Table:
    return Table(
        cols=[
            Column(key="at", label="When", kind="moment"),
            Column(key="what", label="What"),
            Column(key="who", label="Who"),
            Column(key="detail", label="Detail"),
        ],
        rows=[[one.at, one.what, one.who or None, one.detail or None] for one in pull.events],
    )


def _table(ctx: Context, found: Found) -> tuple[str, int] | None:
    shown = found.table
    event: Any = st.dataframe(
        arrow.table(shown),
        hide_index=True,
        column_config=table.columns(ctx, shown),
        on_select="rerun",
        selection_mode="single-row",
        key="pulls_found",
        height=min(460, 38 + 35 * len(shown.rows)),
        placeholder=wording.DASH,
    )
    chosen = event.selection.rows
    return found.keys[chosen[0]] if chosen and chosen[0] < len(found.keys) else None


def _count(found: Found) -> str:
    shown = len(found.keys)
    noun = "pull request" if found.total == 1 else "pull requests"
    return f"{found.total:,} {noun}." if shown == found.total else f"The first {shown:,} of {found.total:,} {noun}."


def _named(text: str) -> tuple[str, int] | None:
    repo, _, number = text.rpartition(":")
    return (repo, int(number)) if repo and number.isdecimal() and int(number) <= LARGEST else None


def _nothing(asked: Wish) -> str:
    if asked != replace(Wish(), order=asked.order):
        return "No pull request fits. Search for less, choose other states, or a longer period."
    return (
        "There are no pull requests in this period. Choose a longer one, or connect a host such as GitHub on Sources."
    )

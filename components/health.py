"""Drawing the state of the system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from components import guard
from core.base.errors import SightlineError
from core.base.period import zone_of
from core.context import Context
from core.entrypoints import operations
from core.entrypoints.checkup import Finding
from core.entrypoints.operations import Failure, Worker

_ICONS = {"well": ":material/check_circle:", "remark": ":material/info:", "broken": ":material/error:"}


def findings(ctx: Context) -> None:
    """A card for each part of the system."""
    colors = {"well": "green", "remark": "orange", "broken": "red"}
    found = _looked_at(ctx)
    grid = st.grid(4, min_column_width=220, border=True)
    for part in found:
        with grid.cell():
            st.badge(part.part.capitalize(), color=colors[part.state], icon=_ICONS[part.state])  # type: ignore[arg-type]
            st.caption(f"{part.what} {part.advice}".strip())


@st.cache_data(ttl="15s", show_spinner="Asking every part…")
def _looked_at(_ctx: Context) -> list[Finding]:
    return operations.findings(_ctx)


def counts(found: Mapping[str, int]) -> None:
    words = {"pending": "Runs that wait", "running": "Runs under way", "failed": "Failed runs"}
    grid = st.grid(len(found), min_column_width=150)
    for status, count in found.items():
        grid.metric(words[status], count, border=True)


def workers(ctx: Context, alive: Sequence[Worker]) -> None:
    if not alive:
        return
    rows = [
        {"Worker": w.name, "Threads": w.threads, "Since": _when(ctx, w.started_at), "Heard of": _when(ctx, w.beat_at)}
        for w in alive
    ]
    st.dataframe(rows, hide_index=True)


def failures(ctx: Context, found: Sequence[Failure]) -> None:
    """Each failed run with its reason and a way to try again."""
    if not found:
        st.success("Nothing has failed.", icon=":material/check_circle:")
        return
    for failure in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            whose = "Somebody must change something first." if failure.fault == "user" else "A fault of the system."
            ended = _when(ctx, failure.finished_at) if failure.finished_at else ""
            tries = f"{failure.attempts} attempt{'' if failure.attempts == 1 else 's'}"
            with st.container():
                st.markdown(f"**{failure.name}** · {ended} · {tries}")
                st.text(failure.error)
                st.caption(whose)
            if st.button("Try again", key=f"retry_{failure.run_id}", icon=":material/replay:", width="content"):
                _retry(ctx, failure)


def storage(used: Mapping[str, int]) -> None:
    rows = [{"What": what, "MB": round(size / 1e6, 1)} for what, size in used.items()]
    st.dataframe(rows, hide_index=True)
    st.caption(f"{sum(used.values()) / 1e6:,.1f} MB in all.")


def versions(found: Mapping[str, str]) -> None:
    st.dataframe([{"Part": name, "Version": version} for name, version in found.items()], hide_index=True)


def _retry(ctx: Context, failure: Failure) -> None:
    try:
        operations.retry(ctx, failure.task, failure.run_id)
    except SightlineError as error:
        guard.show(error)
        return
    st.toast(f"{failure.name} is tried again.", icon=":material/replay:")
    st.rerun()


def _when(ctx: Context, moment: datetime) -> str:
    return f"{moment.astimezone(zone_of(ctx.workspace.time_zone)):%-d %b %Y, %H:%M}"

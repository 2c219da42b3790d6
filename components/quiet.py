"""What stands in place of a board on which nothing happened: why, and one click to a period that shows something."""

from __future__ import annotations

import streamlit as st

from components import jobs, nothing, scope
from core.boards import quiet
from core.boards.quiet import Offer
from core.catalogue.scope import Scope
from core.context import Capability, Context


def show(ctx: Context, chosen: Scope) -> None:
    """Say that nothing happened, and offer periods in which something did; the other filters stay."""
    assert chosen.period is not None
    if offered := _offers(ctx.workspace.id, ctx.workspace.data_version, repr(chosen), ctx, chosen):
        st.info(
            f"Nothing happened here: {chosen.period.label(chosen.time_zone)}. These periods show something:", icon=ICON
        )
        with st.container(horizontal=True, key="quiet_offers"):
            for offer in offered:
                st.button(offer.label, on_click=scope.choose, args=(offer.period,), key=f"offer_{offer.period}")
    elif chosen.team_ids or chosen.repo_ids or chosen.person_ids or chosen.component_ids:
        st.info("Nothing is known of this choice at any time. Choose others above, or take a filter away.", icon=ICON)
    elif not _being_read(ctx):
        _nothing_at_all(ctx)


ICON = ":material/event_busy:"


def _nothing_at_all(ctx: Context) -> None:
    said = "Nothing has been read yet. Give Sightline the folder of a git clone, and this page fills."
    nothing.show(ctx, said, "sources", ICON)


def _being_read(ctx: Context) -> bool:
    """Follow the first reading of a source; the page comes back by itself when it has ended."""
    if not ctx.may(Capability.MANAGE_SOURCES):
        return False
    from core.ingestion import service

    active = next((run for run in service.runs(ctx, limit=5) if run.status in ("pending", "running")), None)
    if active is None:
        return False
    st.info(f"'{active.source}' is being read for the first time. Its figures show here as soon as that has ended.")
    run_id = active.id
    jobs.progress(ctx, lambda asking: service.run(asking, run_id), key=run_id)
    return True


@st.cache_resource(ttl="10m", max_entries=64, show_spinner=False)
def _offers(workspace_id: str, data_version: int, asked: str, _ctx: Context, _scope: Scope) -> list[Offer]:
    return quiet.offers(_ctx, _scope)

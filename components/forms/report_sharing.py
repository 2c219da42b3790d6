"""Whom a report is shared with, and whose it is."""

from __future__ import annotations

import streamlit as st

from components import choices, guard
from components.draw.words import plain
from components.forms import report_actions
from core.context import Context
from core.reports import service, sharing
from core.reports.service import SEEN_BY, VISIBILITIES
from core.reports.sharing import MEMBERS, MemberView
from core.reports.views import ReportView

_ROLES = {"viewer": "Reader", "editor": "Editor"}


def draw(ctx: Context, report: ReportView) -> None:
    """Owner, who sees it, editors and readers; its owner changes them here."""
    st.markdown(f"**{plain(report.owner_name)}** owns it: it runs with their rights.")
    if report.is_mine:
        _visibility(ctx, report)
    else:
        st.markdown(f"Seen by: {SEEN_BY[report.visibility]}.")
    shared = sharing.shared_with(ctx, report.id)
    for one in shared:
        _member(ctx, report, one)
    if not shared:
        st.caption("It is shared with nobody by name.")
    if report.is_mine:
        _add(ctx, report, {one.username for one in shared})


def _visibility(ctx: Context, report: ReportView) -> None:
    chosen = st.radio(
        "Who sees it", list(VISIBILITIES), format_func=VISIBILITIES.__getitem__, key="share_visibility",
        index=list(VISIBILITIES).index(report.visibility), horizontal=True,
    )  # fmt: skip
    if chosen != report.visibility:
        with guard.errors():
            service.update(ctx, report.id, visibility=chosen)
            st.rerun()


def _member(ctx: Context, report: ReportView, one: MemberView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"member_{one.username}"):
        st.markdown(f"**{plain(one.name)}** · {_ROLES[one.role]}", help=MEMBERS[one.role], width="stretch")
        if report.is_mine and st.button("Take away", key=f"unshare_{one.username}", type="tertiary"):
            with guard.errors():
                sharing.unshare(ctx, report.id, one.username)
                st.rerun()


def _add(ctx: Context, report: ReportView, shared: set[str]) -> None:
    known = {name: label for name, label in sharing.candidates(ctx, report.owner_id).items() if name not in shared}
    names = choices.apart(known, {name: name for name in known})
    with st.container(horizontal=True, vertical_alignment="bottom", key="share_add"):
        whom = st.selectbox(
            "Share with", list(names), index=None, format_func=names.__getitem__, key="share_whom", width=280,
            placeholder="Choose somebody",
        )  # fmt: skip
        role = st.selectbox("As", list(_ROLES), format_func=_ROLES.__getitem__, key="share_role", width=140)
        if st.button("Share", key="share_do", disabled=not whom, icon=":material/person_add:") and whom:
            with guard.errors():
                sharing.share(ctx, report.id, whom, role)
                report_actions.say(f"Shared with {names[whom]}.")
                st.rerun()
        if whom:
            _give(ctx, report, whom, names[whom])


def _give(ctx: Context, report: ReportView, whom: str, name: str) -> None:
    with st.popover("Make it theirs…", key="share_give"):
        st.markdown(f"It runs with **{plain(name)}**'s rights from then on. You stay its editor.")
        if st.button(f"Give it to {plain(name)}", type="primary", key="share_give_do"):
            with guard.errors():
                sharing.transfer(ctx, report.id, whom)
                report_actions.say(f"'{report.name}' is {name}'s now.")
                st.rerun()

"""Versions of a report's definition: what changed in each, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import guard
from components.forms import report_actions, report_words
from core.context import Context
from core.reports import versions
from core.reports.versions import VersionView
from core.reports.views import ReportView


def draw(ctx: Context, report: ReportView) -> None:
    """Two versions beside each other, line by line, and a button that goes back to the older one."""
    found = versions.versions(ctx, report.id)
    if len(found) == 1:
        st.caption(f"One version, saved {_said(ctx, found[0])}. Each save that changes something keeps another.")
        return
    numbers = {one.number: one for one in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        older = _choice(ctx, "From", found[1:], "version_from")
        newer = _choice(ctx, "To", found, "version_to")
        if report.may_edit and older != found[0].number:
            _back(ctx, report, numbers[older])
    changed = versions.compared(ctx, report.id, older, newer)
    if changed:
        st.code(changed, language="diff", wrap_lines=True)
    else:
        st.caption("Nothing differs between the two.")


def _choice(ctx: Context, label: str, offered: Sequence[VersionView], key: str) -> int:
    labels = {one.number: _label(ctx, one) for one in offered}
    return st.selectbox(label, list(labels), format_func=labels.__getitem__, key=key, width=380)


def _back(ctx: Context, report: ReportView, version: VersionView) -> None:
    if st.button(f"Go back to version {version.number}", key="version_back", icon=":material/history:"):
        with guard.errors():
            versions.go_back(ctx, report.id, version.number)
            report_actions.say(f"'{version.name}' is as in version {version.number} again. Nothing in between is lost.")
            st.rerun()


def _label(ctx: Context, one: VersionView) -> str:
    now = ", as it is" if one.is_current else ""
    back = f", back to {one.restored_from}" if one.restored_from else ""
    return f"{one.number}{now}: {_said(ctx, one)}{back}"


def _said(ctx: Context, one: VersionView) -> str:
    by = f" by {one.saved_by}" if one.saved_by else ""
    return f"{report_words.moment(ctx, one.saved_at)}{by}"

"""Workspace: its name, its time zone, who sees individuals' numbers, and whether a language model may write."""

from zoneinfo import available_timezones

import streamlit as st

from components import deeds, guard, session
from components.forms import mail_domains, report_quota, voice_settings
from core.access import workspaces
from core.context import Capability

ctx = session.require(Capability.MANAGE_WORKSPACE)
zones = sorted(available_timezones())

st.title("Workspace", anchor=False)
with guard.errors():
    with st.form("workspace"):
        name = st.text_input("Name", ctx.workspace.name)
        zone = st.selectbox(
            "Time zone",
            zones,
            index=zones.index(ctx.workspace.time_zone),
            help="Days and weeks begin at its midnights.",
        )
        individuals = st.radio(
            "Who sees individuals' numbers",
            list(workspaces.INDIVIDUALS),
            index=list(workspaces.INDIVIDUALS).index(ctx.workspace.individuals),
            format_func=workspaces.INDIVIDUALS.__getitem__,
            help="Everybody sees their own, once a user is linked to a person under Users.",
        )
        sent = st.form_submit_button("Save", type="primary")
    if sent:
        workspaces.change(ctx, name=name, time_zone=zone, individuals=individuals)
        st.toast("The workspace is saved.", icon=":material/check:")
        st.rerun()
    report_quota.chooser(ctx)
    mail_domains.draw(ctx)
    voice_settings.draw(ctx)
    st.subheader("What was changed lately", anchor=False)
    entries = workspaces.audit(ctx)
    if entries:
        when = st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", timezone=ctx.workspace.time_zone)
        st.dataframe(
            [entry | {"What": deeds.words(entry["What"])} for entry in entries],
            hide_index=True,
            column_config={"When": when},
        )
    else:
        st.caption("Nothing yet: changes to users, people, reports and this workspace will stand here.")

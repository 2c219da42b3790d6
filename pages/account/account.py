"""Your account: password, time zone, and where you are signed in."""

from zoneinfo import available_timezones

import streamlit as st

from components import cookie, guard, navigation, session, sign_in
from components.authenticator import Forms
from components.forms import insight_settings
from core.access import looks, sessions, users
from core.context import Capability
from core.people import service as people

ctx = session.require(Capability.VIEW_DASHBOARDS)
here = session.signed_in()

st.title("Your account", anchor=False)
st.markdown(f"**{here.name}** · {here.email} · {ctx.actor.role} in {ctx.workspace.name}")

left, right = st.columns(2, gap="large")
with left:
    if not here.has_password:
        st.subheader("Password", anchor=False)
        st.markdown(
            "You have no password here: you sign in with your organisation."
            " If you need one, ask an admin for a link that sets it."
        )
    elif Forms().change_password(here.user_id, here.username):
        session.end()
        cookie.drop(ctx.clock(), leave=False)
        sign_in.say("Your password is changed. Sign in with the new one.")
        st.rerun()

with right, guard.errors():
    st.subheader("Time zone", anchor=False)
    zones = ["", *sorted(available_timezones())]
    zone = st.selectbox(
        "Times of day are shown in",
        zones,
        index=zones.index(here.time_zone),
        format_func=lambda name: name or f"The workspace's zone ({ctx.workspace.time_zone})",
    )
    if zone != here.time_zone:
        users.set_time_zone(ctx.app, here.user_id, zone)
        st.toast("Your time zone is kept.")

    st.subheader("Programs that ask in your place", anchor=False)
    st.page_link(navigation.page("tokens"), label="API tokens", icon=":material/key_vertical:")

    st.subheader("Where you are signed in", anchor=False)
    for browser in sessions.of_user(ctx.app, here.user_id, ctx.clock()):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            this = " · this browser" if browser.id == here.session_id else ""
            st.markdown(f"{browser.label}{this}  \n:small[last seen {browser.last_seen_at:%-d %b %Y, %H:%M} UTC]")
            st.space("stretch")
            if not this and st.button("Sign out", key=f"revoke_{browser.id}"):
                sessions.revoke(ctx.app, browser.id, here.user_id)
                st.rerun()

if ctx.actor.person_id:
    with guard.errors():
        st.subheader("Who looked at your numbers", anchor=False)
        teams = [span.team_id for span in people.memberships(ctx, person_id=ctx.actor.person_id)]
        if found := looks.looks_at(ctx, ctx.actor.person_id, teams):
            insight_settings.looks_table(ctx, found, of=False)
        else:
            st.caption("Nobody else has: each day on which somebody does will stand here.")

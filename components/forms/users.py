"""Adding and changing the users of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components import choices, guard
from core.access import users
from core.access.users import UserView
from core.base.errors import SightlineError
from core.base.period import zone_of
from core.base.settings import settings
from core.context import ROLES, Context

ABOUT = {
    "viewer": "sees dashboards and reports",
    "member": "also makes and runs reports, and downloads data",
    "manager": "also schedules reports, and keeps sources, people and teams",
    "admin": "also keeps users, the workspace and the system",
}
_LINK = "_user_link"


def link_made() -> None:
    """Show the link that was made last, once: whoever holds it may set the password."""
    made = st.session_state.pop(_LINK, None)
    if made:
        name, path = made
        st.success(f"Give this link to **{name}**. It sets their password once, within three days.")
        st.code(f"{settings().url}{path}", language=None)


def roles() -> None:
    with st.expander("What the roles may do"):
        for role, about in ABOUT.items():
            st.markdown(f"**{role.title()}** {about}.")


def table(ctx: Context, everybody: Sequence[UserView]) -> None:
    """Everybody, with their role and when they were here last."""
    zone = zone_of(ctx.workspace.time_zone)
    st.dataframe(
        [
            {
                "User": user.username,
                "Name": user.name,
                "E-mail": user.email,
                "Role": user.role,
                "Person": choices.people(ctx).get(user.person_id or "", ""),
                "Last here": f"{user.last_seen_at.astimezone(zone):%-d %b %Y, %H:%M}" if user.last_seen_at else "never",
                "State": _state(user),
            }
            for user in everybody
        ],
        hide_index=True,
    )


def add(ctx: Context) -> None:
    """Add somebody; a link lets them set their own password."""
    st.subheader("Add somebody", anchor=False)
    with st.form("add_user", clear_on_submit=True):
        username = st.text_input("User name", placeholder="ada")
        email = st.text_input("E-mail", placeholder="ada@example.org")
        first, last = st.columns(2)
        first_name, last_name = first.text_input("First name"), last.text_input("Last name")
        role = st.selectbox("Role", list(ROLES))
        sent = st.form_submit_button("Add", type="primary")
    if sent:
        with guard.errors():
            path = users.add(ctx, username=username, email=email, role=role, first_name=first_name, last_name=last_name)
            if path:
                st.session_state[_LINK] = (username, path)
            st.rerun()


def change(ctx: Context, everybody: Sequence[UserView]) -> None:
    """Change one member: role, person, password, access."""
    st.subheader("Change somebody", anchor=False)
    others = {user.username: user for user in everybody if not user.is_demo}
    if not others:
        st.info("Nobody has been added yet.")
        return
    name = st.selectbox("User", list(others), key="changed_user")
    user = others[name]
    role = st.selectbox("Role", list(ROLES), index=list(ROLES).index(user.role), key=f"role_{name}")
    if role != user.role:
        _do(lambda: users.set_role(ctx, name, role))
    _person(ctx, user)
    with st.container(horizontal=True):
        if st.button("New password link", key=f"link_{name}", icon=":material/key:"):
            _do(lambda: st.session_state.update({_LINK: (name, users.new_link(ctx, name))}))
        if user.is_active:
            with st.popover("Disable…"):
                st.markdown(f"**{name}** is signed out everywhere and cannot sign in until enabled again.")
                if st.button("Disable", key=f"disable_{name}", type="primary"):
                    _do(lambda: users.set_active(ctx, name, False))
        elif st.button("Enable", key=f"enable_{name}"):
            _do(lambda: users.set_active(ctx, name, True))
        with st.popover("Remove…"):
            st.markdown(f"**{name}** can no longer enter {ctx.workspace.name}. Their reports stay.")
            if st.button("Remove", key=f"remove_{name}", type="primary"):
                _do(lambda: users.remove(ctx, name))


def _person(ctx: Context, user: UserView) -> None:
    known = {"": "Nobody we measure", **choices.people(ctx)}
    person = st.selectbox(
        "Is this person",
        list(known),
        index=list(known).index(user.person_id or "") if (user.person_id or "") in known else 0,
        format_func=known.__getitem__,
        key=f"person_{user.username}",
        help="Their own numbers are always theirs to see.",
    )
    if person != (user.person_id or "") and (person or user.person_id in known):
        _do(lambda: users.link_person(ctx, user.username, person or None))


def _do(change: Callable[[], None]) -> None:
    try:
        change()
    except SightlineError as error:
        guard.show(error)
        return
    st.rerun()


def _state(user: UserView) -> str:
    if not user.is_active:
        return "disabled"
    if user.is_demo:
        return "demo, on this machine only"
    return "active" if user.has_password or user.last_seen_at else "has not set a password yet"

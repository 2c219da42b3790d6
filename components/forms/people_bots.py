"""Bots: those there are and why, those to look at, and the workspace's list."""

from __future__ import annotations

import streamlit as st

from components.draw.words import plain
from components.forms.people_done import do
from core.base.counted import counted
from core.context import Context
from core.people import service


def draw(ctx: Context) -> None:
    st.markdown("Bots are left out of every figure unless somebody asks for them; how many were left out is shown.")
    _to_look_at(ctx)
    _known(ctx)
    _list(ctx)


def _to_look_at(ctx: Context) -> None:
    waiting = service.bot_candidates(ctx)
    if not waiting:
        return
    st.subheader("Bot or person?", anchor=False)
    for one in waiting:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            seen = counted(one.seen, "time")
            st.markdown(f"**{plain(one.name)}** `{one.email}` · seen {seen}  \n{plain(one.reason)}")
            st.space("stretch")
            if st.button("A bot", key=f"is_bot_{one.person_id}", icon=":material/smart_toy:"):
                do(lambda id_=one.person_id: service.set_bot(ctx, id_, True), f"{one.name} is a bot.")  # type: ignore[misc]
            if st.button("A person", key=f"is_person_{one.person_id}", icon=":material/person:"):
                do(lambda id_=one.person_id: service.set_bot(ctx, id_, False), f"{one.name} is a person.")  # type: ignore[misc]


def _known(ctx: Context) -> None:
    st.subheader("Bots", anchor=False)
    bots = [one for one in service.people(ctx, include_bots=True) if one.is_bot]
    if bots:
        st.caption(f"{len(bots)} of {len(service.people(ctx, include_bots=True))} in the list of people.")
    if not bots:
        st.info("No bots are known here.", icon=":material/smart_toy:")
    for one in bots:
        with st.container(horizontal=True, vertical_alignment="center"):
            seen = counted(sum(identity.count for identity in one.identities), "time")
            st.markdown(f"**{plain(one.name)}** `{one.email}` · seen {seen}  \n{plain(one.bot_reason)}")
            st.space("stretch")
            if st.button("This is a person", key=f"no_bot_{one.id}"):
                do(lambda id_=one.id: service.set_bot(ctx, id_, False), f"{one.name} is a person.")  # type: ignore[misc]


def _list(ctx: Context) -> None:
    with st.expander("This workspace's list of bots"), st.form("bot_list", border=False):
        st.markdown("Names, logins and addresses, one a line. `*` stands for any text.")
        text = st.text_area("Entries", "\n".join(service.bot_patterns(ctx)), height=220, label_visibility="collapsed")
        if st.form_submit_button("Save and apply"):
            do(lambda: service.set_bot_patterns(ctx, text.splitlines()), "The list is saved and applied.")

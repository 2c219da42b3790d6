"""Sending a small test by an output's connection, once somebody has seen where it goes."""

from __future__ import annotations

import streamlit as st

from components import guard
from components.draw.words import plain
from components.forms.people_done import do
from core.base.errors import SightlineError
from core.connections import service
from core.connections.service import ConnectionView
from core.connections.sides import SENT
from core.context import Context


def draw(ctx: Context, view: ConnectionView) -> None:
    """The button, what it will do, and the button that does it."""
    kinds = SENT.kinds()
    if view.plugin not in kinds:
        return
    with st.popover("Send a test", icon=":material/send:", key=f"probe_{view.id}"):
        to = ""
        if kinds[view.plugin].to:
            to = st.text_input("To", _usual(ctx, view), key=f"probe_to_{view.id}", help="Several with commas.")
        try:
            said = service.foretold(ctx, view.id, to)
        except SightlineError as error:
            guard.show(error)
            return
        st.markdown(plain(said))
        if st.button("Send it", type="primary", key=f"probe_do_{view.id}"):
            do(lambda: service.probe(ctx, view.id, to), "The test arrived.")


def _usual(ctx: Context, view: ConnectionView) -> str:
    try:
        return service.target(ctx, view.id)
    except SightlineError:  # nobody gets it always: whoever sends it says to whom
        return ""

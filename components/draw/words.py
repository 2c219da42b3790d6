"""Words around a figure: headings, notes, and what stands where there is nothing to draw."""

from __future__ import annotations

import re
from urllib.parse import quote

import streamlit as st

from core.documents import wording
from core.figures import Series, Stat, State, Table

_ICONS = {
    State.NO_DATA: ":material/inbox:",
    State.NOT_COLLECTED: ":material/link_off:",
    State.STALE: ":material/history:",
    State.UNSUPPORTED: ":material/block:",
}

_MARKS = re.compile(r"([\\`*_{}\[\]<>#$~|:!])")
_CODE = re.compile(r"(`[^`]+`)")
_OF_ADDRESSES = ":/?#[]@!$&'*+,;=%~-._"
"""Letters that an address may have; a bracket would end it in Markdown."""


def plain(text: str) -> str:
    """Text in which Markdown, formulas and Streamlit's own marks mean nothing."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def linked(title: str, link: str) -> str:
    """A title, which leads where the figure does."""
    address = wording.web_link(link)
    if not address:
        return plain(title)
    return f"[{plain(title or address)}]({quote(address, safe=_OF_ADDRESSES)})"


def sentence(text: str) -> str:
    """What an error or a note says: a `command` in it is shown as one, and nothing else means anything."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(part if number % 2 else _MARKS.sub(r"\\\1", part) for number, part in enumerate(parts))


def heading(title: str, description: str = "", link: str = "") -> None:
    """A figure's title; what it shows is in the help beside it."""
    if words := linked(title, link):
        st.markdown(f"**{words}**", help=plain(description) or None)


def notes(note: str, remark: str = "") -> None:
    """The state and the sober line below a figure."""
    for said in (remark[:1].upper() + remark[1:], note):
        if said:
            st.caption(plain(said))


def empty(shown: Series | Stat | Table, otherwise: str = "") -> None:
    """What stands in the place of a drawing: the state, and what to do about it; `otherwise`, if nobody knows."""
    label = wording.STATES[State.NO_DATA if shown.state is State.MEASURED else shown.state]
    icon = _ICONS.get(shown.state, _ICONS[State.NO_DATA])
    st.markdown(f":gray[{icon} {label[:1].upper()}{label[1:]}]")
    if said := shown.state_text or otherwise:
        st.caption(sentence(said[:1].upper() + said[1:]))

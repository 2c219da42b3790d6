"""The script that runs for every page: who is here, what they may open, then the page itself.

Which pages there are stands in `components/navigation.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Streamlit puts this script's folder in front, where `components/jobs.py` would hide the package `jobs`.
if (_here := str(Path(__file__).resolve().parent)) in sys.path:
    sys.path.remove(_here)
if (_root := str(Path(__file__).resolve().parents[1])) not in sys.path:
    sys.path.insert(0, _root)

import streamlit as st

from components import cookie, guard, navigation, readable, session, sidebar, sign_in
from core.base.errors import SightlineError
from core.bootstrap import house

ASSETS = Path(__file__).parent / "assets"


def draw() -> None:
    """One run."""
    st.set_page_config(page_title="Sightline", page_icon=str(ASSETS / "icon.png"), layout="wide")
    st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.png"))
    readable.draw()
    here = session.arrived(session.current() or session.resumed(sign_in.by_provider()))
    page = navigation.chosen(here)
    # Before sign-in nothing may stand in the sidebar: it would open, and be empty.
    with st.sidebar if here else st.container():
        if here:
            sidebar.draw(here)
        cookie.flush(house().clock())
    if here is None and page.url_path not in navigation.PUBLIC:
        sign_in.show()
    elif here is not None and here.workspace is None:
        st.info(
            f"{here.name}, you are in no workspace yet. Ask an admin to add you.", icon=":material/domain_disabled:"
        )
    else:
        page.run()


try:
    draw()
except SightlineError as error:
    guard.show(error)
except Exception as error:
    guard.fault(error)

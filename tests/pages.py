"""A page as one of a workspace's people meets it, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import session
from core.access import workspaces
from core.access.sessions import SignedIn
from core.bootstrap import House
from core.context import ROLES, Actor, Context

PAGES = Path(__file__).resolve().parents[1] / "pages"


def entered(house: House, ctx: Context, patch: pytest.MonkeyPatch, page: str, role: str = "manager") -> AppTest:
    """`entered(house, ctx, patch, "data/sources")` is that page with Mara signed in; it has not run yet."""
    patch.setattr(session, "house", lambda: house)
    here = workspaces.find(house.app, ctx.workspace.id)
    actor = Actor("u1", "Mara", role, ROLES[role])
    test = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    test.session_state["_signed_in"] = SignedIn(
        "s", "u1", "mara", "Mara", "mara@example.org", False, "", here, actor, ()
    )
    return test

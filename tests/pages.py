"""A page as one of a workspace's people meets it, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import authenticator, session, sidebar, sign_in
from core import bootstrap
from core.access import sessions, workspaces
from core.access.sessions import SignedIn
from core.bootstrap import House
from core.context import ROLES, Actor, Context

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "pages"


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


def framed(house: House, ctx: Context, patch: pytest.MonkeyPatch, page: str, **address: str) -> AppTest:
    """`framed(house, ctx, patch, "reports/report", report=id)` is that page within the frame, for that user.

    Whoever imports the house by name is named here: a module imported first while the house of a test stands
    in its place would keep that one for all the tests to come.
    """
    for module in (bootstrap, session, sidebar, sign_in, authenticator):
        patch.setattr(module, "house", lambda: house)
    session_id, _ = sessions.start(house.app, ctx.actor.user_id, now=house.clock())
    sessions.choose_workspace(house.app, session_id, ctx.workspace.id)
    app = AppTest.from_file(str(ROOT / "components" / "frame.py"), default_timeout=60)
    app.session_state["_session_id"] = session_id
    app.run()
    for key, value in address.items():
        app.query_params[key] = value
    return app.switch_page(f"../pages/{page}.py").run()

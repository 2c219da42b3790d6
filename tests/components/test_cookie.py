"""The browser's errand is drawn whatever its ticket looks like: tickets are random, and one in sixty began with "_"."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def errand(ticket: str) -> None:
    """A page that has the browser exchange this ticket."""
    from datetime import UTC, datetime

    from components import cookie

    now = datetime(2026, 3, 11, tzinfo=UTC)
    cookie.fetch(ticket, now)
    cookie.flush(now)


@pytest.mark.parametrize("ticket", ["_Ab3", "a__b", "__", "-_-", "plain"])
def test_any_ticket_can_be_drawn(ticket: str) -> None:
    app = AppTest.from_function(errand, kwargs={"ticket": ticket}).run()

    assert not app.exception

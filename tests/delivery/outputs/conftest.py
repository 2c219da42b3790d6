"""Attempts follow each other at once, and a report to send."""

from __future__ import annotations

import os

import pytest

from core.delivery.outputs import trying
from core.delivery.outputs.output import Parcel
from tests.delivery.outputs.parcels import parcel as made

collect_ignore = [] if os.geteuid() == 0 else ["test_scp_login.py"]
"""Only root can make the person that those tests log in as."""


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "PAUSES", (0.0, 0.01, 0.01))


@pytest.fixture
def parcel() -> Parcel:
    return made()

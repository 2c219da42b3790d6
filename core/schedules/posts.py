"""Whatever the house sends: letters as letters go, reports' outputs and alerts' messages by their connections."""

from __future__ import annotations

from core.alerts import telling
from core.context import Rooms
from core.delivery import service as delivery
from core.delivery.posting import OUTPUT
from core.reports import sending
from core.schedules import slack

WAYS: dict[str, delivery.Way] = {OUTPUT: sending.send, telling.CHANNEL: telling.send, slack.CHANNEL: slack.send}


def deliver(house: Rooms, workspace_id: str, delivery_id: str, worker: str = "") -> str:
    """Try one delivery; its status afterwards."""
    return delivery.deliver(house, workspace_id, delivery_id, worker, WAYS)

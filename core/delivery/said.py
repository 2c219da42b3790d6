"""What became of a delivery, in readers' words."""

from __future__ import annotations

from core.delivery.models import BOUNCED, Delivery

SAID = {
    "pending": "waiting",
    "running": "sending",
    "success": "delivered",
    "failed": "failed",
    "cancelled": "called off",
}


def became(row: Delivery, outcome: str | None) -> str:
    """One of SAID's words; BOUNCED where the newest receipt's `outcome` says that another server sent it back."""
    return BOUNCED if row.status == "failed" and outcome == BOUNCED else SAID.get(row.status, row.status)

"""The ways a letter can go. Outsiders add theirs by the entry point `sightline.channels`."""

from __future__ import annotations

from core.base.registry import Registry
from core.delivery.channels.channel import Channel, Sent
from core.delivery.channels.smtp import Email

BUILT_IN: tuple[Channel, ...] = (Email(),)

CHANNELS: Registry[Channel] = Registry("channel", "sightline.channels")
for kind in BUILT_IN:
    CHANNELS.add(kind)

__all__ = ["CHANNELS", "Channel", "Sent"]

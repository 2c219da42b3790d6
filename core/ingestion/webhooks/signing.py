"""Whether a message is from whoever holds the secret: compared in constant time, and not older than a few minutes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from core.base.errors import NotAllowed

WINDOW_S = 300
"""How far the time of a signed message may lie from ours, where the sender tells one."""


def signature(secret: str, body: bytes) -> str:
    """The HMAC-SHA256 of a body, in hexadecimal."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def check(kind: str, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Return quietly if the message is signed as its kind signs; NotAllowed if not."""
    if kind == "github":
        _same([headers.get("x-hub-signature-256", "").removeprefix("sha256=")], signature(secret, body))
    elif kind == "pagerduty":
        told = headers.get("x-pagerduty-signature", "").split(",")
        _same([one.strip().removeprefix("v1=") for one in told], signature(secret, body))
    else:
        _timed(secret, headers.get("x-sightline-signature", ""), body, now)


def signed(secret: str, body: bytes, at: datetime) -> str:
    """The header X-Sightline-Signature for a body: `t=seconds,v1=hexadecimal`."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={signature(secret, f'{seconds}.'.encode() + body)}"


def _timed(secret: str, told: str, body: bytes, now: datetime) -> None:
    parts = dict(part.strip().partition("=")[::2] for part in told.split(","))
    seconds = parts.get("t", "")
    if not seconds.isdigit() or abs(now.timestamp() - int(seconds)) > WINDOW_S:
        raise NotAllowed("The message is not signed, or its time lies more than five minutes from ours.")
    _same([parts.get("v1", "")], signature(secret, f"{seconds}.".encode() + body))


def _same(told: list[str], own: str) -> None:
    # Every one is compared to its end, so that time tells nothing.
    matches = [hmac.compare_digest(one.encode(), own.encode()) for one in told]
    if not any(matches):
        raise NotAllowed("The message is not signed with this webhook's secret.")

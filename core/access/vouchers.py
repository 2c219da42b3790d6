"""What a provider says of somebody opens one session, once: a copy of it, or the way back to it, opens none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.access.models import UsedVoucher
from core.stores.app import AppStore

LASTS = timedelta(hours=1)
"""From the moment that the provider issued it; leaves room for clocks that differ."""


def take(app: AppStore, claims: Mapping[str, Any], now: datetime) -> bool:
    """Whether these claims are fresh and have not been taken before; from now on they have."""
    if not _is_fresh(claims, now):
        return False
    digest = hashlib.sha256(json.dumps(dict(claims), sort_keys=True, default=str).encode()).hexdigest()
    with app.reading() as session:
        if session.get(UsedVoucher, digest):
            return False
    try:
        with app.session() as session:
            session.execute(sa.delete(UsedVoucher).where(UsedVoucher.used_at < now - 3 * LASTS))
            session.add(UsedVoucher(digest=digest, used_at=now))
    except sa.exc.IntegrityError:  # another tab has just taken it
        return False
    return True


def _is_fresh(claims: Mapping[str, Any], now: datetime) -> bool:
    issued = claims.get("iat")
    if not isinstance(issued, int | float):
        return False
    return abs(now - datetime.fromtimestamp(issued, UTC)) <= LASTS

"""The secrets of a row: sealed together, unsealed only where they are used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.base.errors import BadInput
from core.connections import settings
from core.connections.models import Connection
from core.stores.app import sealed, unsealed


def packed(secrets: Mapping[str, str]) -> str | None:
    return sealed(json.dumps(dict(sorted(secrets.items())))) if secrets else None


def unpacked(row: Connection) -> dict[str, str]:
    """The secrets; BadInput if they were sealed with a key that is gone."""
    return dict(json.loads(unsealed(row.secrets))) if row.secrets else {}


def known(row: Connection) -> dict[str, str]:
    """The secrets, or none where they were sealed with a key that is gone and must be entered anew."""
    try:
        return unpacked(row)
    except BadInput:
        return {}


def whole(row: Connection) -> dict[str, Any]:
    """The settings with their secrets, as the kind takes them."""
    return settings.joined(row.args, unpacked(row))

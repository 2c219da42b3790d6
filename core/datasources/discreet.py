"""What readers of a report may see of a question: its words and its days, never a value that may be a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

HIDDEN = "…"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_SECRET = re.compile(r"(?i)([?&][^=&\s]*(?:key|token|secret|pass|pwd|sig|auth|code|session)[^=&\s]*=)[^&\s]*")


def is_day(value: Any) -> bool:
    """Whether a value is a day or a moment, which is no secret."""
    return isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value) is not None)


def names(given: Any) -> Any:
    """Options by their names, days with their values; of everything else that there was one."""
    if isinstance(given, Mapping):
        return {str(name): names(value) for name, value in given.items()}
    if isinstance(given, list | tuple):
        return [names(value) for value in given]
    return str(given) if is_day(given) else HIDDEN


def path(asked: str) -> str:
    """A path of a web API without the values of what looks like a key."""
    return _SECRET.sub(rf"\1{HIDDEN}", asked)

"""What an issue is, by what its labels are called."""

from __future__ import annotations

import re

KINDS = (
    ("bug", re.compile(r"\b(bug|defect|regression|crash)\b", re.IGNORECASE)),
    ("feature", re.compile(r"\b(feature|enhancement|improvement|proposal)\b", re.IGNORECASE)),
)


def kind_of(labels: list[str]) -> str:
    """bug, feature or task."""
    words = " ".join(labels).replace("-", " ").replace("_", " ").replace("/", " ")
    return next((kind for kind, sign in KINDS if sign.search(words)), "task")

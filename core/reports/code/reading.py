"""Files to a `ReportFile`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.base.fields import accepted
from core.reports.code.file import ReportFile


def read(paths: Sequence[Path]) -> ReportFile:
    """The report of one file, or of several merged left to right."""
    import yaml

    merged: dict[str, Any] = {}
    for path in paths:
        merged = _merged(merged, yaml.safe_load(path.read_text(encoding="utf-8")))
    return accepted(ReportFile, merged, str(paths[-1]), "key")


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    both = {key: _merged(one[key], value) if isinstance(value, dict) and isinstance(one.get(key), dict) else value
            for key, value in other.items()}  # fmt: skip
    return one | both

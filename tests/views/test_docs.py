"""The page on views names every argument, with its default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.views import VIEWS

PAGE = (Path(__file__).parents[2] / "docs" / "views.md").read_text(encoding="utf-8")
EVERYWHERE = {"datasource", "query", "query_args"}


@pytest.mark.parametrize("key", ["plot", "single_stat", "table"])
def test_every_argument_is_listed(key: str) -> None:
    part = PAGE.split(f"\n## {key}\n")[1].split("\n## ")[0]
    listed = dict(re.findall(r"^\| `(\w+)` \|\s*`?([^`|]*?)`?\s*\|", part, re.MULTILINE))
    fields = VIEWS.get(key).Args.model_fields
    defaults = {name: fields[name].default for name in fields if name not in EVERYWHERE}

    assert set(listed) == set(defaults)
    for name, said in listed.items():
        default = defaults[name]
        assert said == ("" if default in (None, "", [], {}) else str(default).lower().removesuffix(".0")), name


def test_every_setting_of_matplotlib_is_listed() -> None:
    from core.views.plotting.rc import _KNOWN

    assert set(_KNOWN) - {"scatter.marker"} <= set(re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE))

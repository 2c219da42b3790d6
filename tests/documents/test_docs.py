"""The page on formats names what there is, and its example runs."""

from __future__ import annotations

import re
from pathlib import Path

from core.documents import RENDERERS
from tests.documents import sample

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_format_is_listed():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == [renderer.key for renderer in RENDERERS]


def test_the_example_of_a_renderer_runs():
    names: dict[str, object] = {"__name__": __name__}
    exec(re.search(r"```python\n(.+?)```", PAGE, re.DOTALL)[1], names)  # type: ignore[index]

    made = names["LINES"].render(sample.document())  # type: ignore[attr-defined]

    assert b"Commits: 1,204" in made.content
    assert b"Pull requests merged: not collected" in made.content

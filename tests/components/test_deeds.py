"""The audit log in words."""

from __future__ import annotations

import re
from pathlib import Path

from components import deeds

ROOT = Path(__file__).parents[2]
NOTED = re.compile(
    r'(?<!written\.)note\(\s*session,\s*ctx,\s*(?:"([a-z_. ]+)"|"([a-z_. ]+)" if [a-z_]+ else "([a-z_. ]+)")'
)


def test_every_deed_that_is_noted_has_its_words() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "core").rglob("*.py"))
    noted = {action for found in NOTED.findall(sources) for action in found if action}

    assert len(noted) > 20
    assert noted <= set(deeds.WORDS)


def test_a_deed_without_words_is_shown_as_it_is_kept() -> None:
    assert deeds.words("tea.brewed") == "tea.brewed"

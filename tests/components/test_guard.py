"""Sentences of errors on a page: names in them come from outside, and mean nothing there."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.draw.words import sentence

PAGE = """
from components import guard
from core.base.errors import BadInput, StoreUnreachable

with guard.errors():
    raise BadInput("There is no team named '*Blue* :red[x] <b>[a](http://b) $y$'. Run `sightline people list`.")
with guard.errors():
    raise StoreUnreachable("The folder 'a_b_c' is gone.")
"""


def test_a_name_in_an_error_is_shown_and_not_obeyed() -> None:
    page = AppTest.from_string(PAGE).run()

    shown = page.warning[0].value
    assert "\\*Blue\\* \\:red\\[x\\] \\<b\\>\\[a\\](http\\://b) \\$y\\$" in shown
    assert shown.endswith("Run `sightline people list`.")
    assert page.error[0].value == "The folder 'a\\_b\\_c' is gone."


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a ` alone", "a \\` alone"),
        ("run `a *b*` and *c*", "run `a *b*` and \\*c\\*"),
        ("two\nlines", "two lines"),
    ],
)
def test_commands_stay_commands(said: str, shown: str) -> None:
    assert sentence(said) == shown

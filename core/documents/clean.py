"""Letters that no format can carry, taken out before any is written.

Names and messages come from commits of any age and encoding. XML knows no control
characters, the chart renderer ends the whole process at one, and marks that turn the
direction of writing make a file name read as another.
"""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F]|7[fF])")
"""Control characters as JSON writes them; tab and line ends have short forms and stay."""

_RAW = re.compile("[\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")


def json_text(text: str) -> str:
    """JSON without letters that no format can carry."""
    while (cleaned := _ESCAPED.sub(r"\1", text)) != text:
        text = cleaned
    return _RAW.sub("", text)

"""A label around a number: "{stat:,.1f} of <a href=…>all</a>", as text and as safe HTML."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from string import Formatter

TAGS = {"a", "abbr", "b", "br", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup", "u"}
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}}


def plain(value: float, decimals: int) -> str:
    """A number to so many decimals, ties to even; never a minus before zero."""
    if isinstance(value, int) and not decimals:
        return str(value)
    digits = f"{value:.{decimals}f}"
    return digits if digits.strip("-0.") else digits.lstrip("-")


def said(value: float, decimals: int) -> str:
    """The same as the house says numbers: digits grouped by a comma, a minus as long as a plus."""
    return f"{Decimal(plain(value, decimals)):,f}".replace("-", "−")


def shown(label: str, value: float, decimals: int) -> tuple[str, str]:
    """The label as text, and as HTML where it has any; nothing in it can run or load."""
    said = written(label, value, decimals)
    if not re.search(r"<[a-zA-Z/!]", said):
        return " ".join((unescape(said) if "&" in said else said).split()), ""
    import nh3

    html = nh3.clean(said, tags=TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    spaced = re.sub(r"<br\s*/?>", " ", html)
    text = " ".join(unescape(nh3.clean(spaced, tags=set())).split())
    return text, "" if unescape(html).split() == text.split() else html.strip()


def written(label: str, value: float, decimals: int) -> str:
    """The label with the number in it; ValueError that says what of it cannot be."""
    try:
        parts = list(Formatter().parse(label))
    except ValueError as error:
        raise ValueError(f"'{label}' cannot be read ({error}). Write a brace of your own twice: {{{{.") from None
    return "".join(before + _field(name, spec or "", as_, value, decimals) for before, name, spec, as_ in parts)


def _field(name: str | None, spec: str, as_: str | None, value: float, decimals: int) -> str:
    if name is None:
        return ""
    if name != "stat" or "{" in spec:
        raise ValueError(f"'{{{name}}}' is nothing that can be shown. Write {{stat}}, or a brace of your own twice.")
    digits = plain(value, decimals)
    if not spec and not as_:
        return said(value, decimals)
    if as_:
        return format(digits, spec)
    return _formatted(digits, spec, value)


def _formatted(digits: str, spec: str, value: float) -> str:
    """In a format of numbers, or of text; without decimals of its own it has those of the precision."""
    exact = value if "." in spec else Decimal(digits) if "." in digits else int(digits)
    for one in (exact, value, round(value), digits):
        try:
            return format(one, spec)
        except ValueError:
            continue
    raise ValueError(f"'{{stat:{spec}}}' is no format of a number. Write one as {{stat:,.1f}}.")

"""The report's days in a query: `{from}`, `{to}` and `{interval}`, and values given as `params`.

Tokens count in code only: within quotes and comments braces stay as they are, since
the files that this format comes from could never use them there. Percent signs of
MySQL and PostgreSQL may be doubled, as those files must write them, or single: a
statement in which every one is doubled means single ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from core.base.counted import counted
from core.base.errors import BadInput
from core.datasources.discreet import is_day
from core.datasources.kinds.sql.lexing import Piece, Syntax, pieces
from core.datasources.window import Window

Style = Literal["question", "percent", "braces"]
"""How a dialect's own parameters look in a query: `?` and `:name`; `%s` and `%(name)s`; `{name:Type}`."""

TOKEN = r"\{(?P<token>from|to|interval)\}"  # noqa: S105 - a word of the format, nothing secret
QUOTED = re.compile(r"\{(from|to|interval)\}")
OWN = {
    "question": r"|\?(?P<place>\d*)|(?<![:\w])[:@$](?P<name>[A-Za-z_]\w*)",
    "percent": r"|(?<!%)%(?:\((?P<name>\w+)\)|(?P<place>))s",
    "braces": "",
}


class Marks:
    """What stands for a value in the text that the driver gets; collects the values for it."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def moment(self, wall: datetime) -> str:
        """The mark of a wall time of the report's zone."""
        return self.value(wall)

    def value(self, value: Any) -> str:
        self.values.append(value)
        return "?"

    def shown(self, wall: datetime) -> str:
        """The same wall time as people write it in this dialect."""
        return f"'{clock(wall)}'"

    def text(self, text: str) -> str:
        """Text of the query itself, as the driver must get it."""
        return text

    def bound(self) -> Any:
        """The values, as the driver takes them."""
        return self.values


@dataclass(frozen=True, slots=True)
class Statement:
    """A query as a driver takes it."""

    text: str
    values: Any = ()
    shown: str = ""
    """The query with the days written out, for people."""
    parameters: dict[str, Any] = field(default_factory=dict)
    note: str = ""

    def around(self, change: Callable[[str], str]) -> Statement:
        """The same with other words around it."""
        return Statement(change(self.text), self.values, self.shown, self.parameters, self.note)


@dataclass(frozen=True, slots=True)
class Tongue:
    """What telling the days to a dialect takes."""

    syntax: Syntax
    style: Style
    interval: Callable[[int], str]
    marks: Callable[[], Marks]


def told(sql: str, tongue: Tongue, window: Window, params: Any = None) -> Statement:
    """`sql` with its tokens and parameters bound."""
    return _Telling(tongue, window, params).of(list(pieces(sql, tongue.syntax)))


class _Telling:
    def __init__(self, tongue: Tongue, window: Window, params: Any) -> None:
        self._tongue = tongue
        self._window = window
        self._params = _Params(params)
        self._marks = tongue.marks()
        self._used: dict[str, Any] = {}
        own = OWN[tongue.style] if self._params or tongue.style == "percent" else ""
        self._pattern = re.compile(TOKEN + own)

    def of(self, found: Sequence[Piece]) -> Statement:
        doubled = self._tongue.style == "percent" and self._doubled(found)
        text, shown = [], []
        for piece in found:
            whole = piece.text.replace("%%", "%") if doubled and piece.kind != "comment" else piece.text
            told, read = self._code(whole) if piece.kind == "code" else (self._marks.text(whole), whole)
            text.append(told)
            shown.append(read)
        self._params.all_used()
        values = self._params.named if self._tongue.style == "braces" else {}
        bound = self._marks.bound()
        note = _quoted_tokens(found)
        return Statement("".join(text), {**values, **bound} if values else bound, "".join(shown), self._used, note)

    def _code(self, code: str) -> tuple[str, str]:
        text, shown, place = [], [], 0
        for found in self._pattern.finditer(code):
            between = code[place : found.start()]
            told, read = self._token(found) if found.group("token") else self._own(found)
            text += [self._marks.text(between), told]
            shown += [between, read]
            place = found.end()
        rest = code[place:]
        return "".join([*text, self._marks.text(rest)]), "".join([*shown, rest])

    def _token(self, found: re.Match[str]) -> tuple[str, str]:
        name = found.group("token")
        if name == "interval":
            written = self._tongue.interval(self._window.interval_days)
            self._used[name] = f"{self._window.interval_days} days"
            return self._marks.text(written), written
        return self._day(name)

    def _day(self, name: str) -> tuple[str, str]:
        wall = self._window.wall_start if name == "from" else self._window.wall_end
        self._used[name] = clock(wall)
        return self._marks.moment(wall), self._marks.shown(wall)

    def _own(self, found: re.Match[str]) -> tuple[str, str]:
        """A parameter in the dialect's own words."""
        name = found.group("name")
        if name in ("from", "to") and name not in self._params.named:
            return self._day(name)
        if not self._params:
            return self._marks.text(found.group()), found.group()
        key = name if name is not None else int(found.group("place") or 0)
        value = self._params.value(key)
        return self._marks.value(value), f"'{value}'" if is_day(value) else found.group()

    def _doubled(self, found: Sequence[Piece]) -> bool:
        """Whether every percent sign that is no parameter is written twice."""
        text = "\n".join(
            piece.text if piece.kind != "code" else self._pattern.sub("", piece.text) for piece in _said(found)
        )
        runs = [len(run) for run in re.findall("%+", text)]
        return bool(runs) and all(run % 2 == 0 for run in runs)


class _Params:
    """`params` of a query: a list by place, or a mapping by name."""

    def __init__(self, given: Any) -> None:
        if given is not None and not isinstance(given, list | tuple | Mapping):
            raise BadInput("'params' in query_args is a list of values, or a mapping of names to values.")
        self.named: dict[str, Any] = {str(k): v for k, v in given.items()} if isinstance(given, Mapping) else {}
        self._listed = list(given) if isinstance(given, list | tuple) else []
        self._taken = 0

    def __bool__(self) -> bool:
        return bool(self.named or self._listed)

    def value(self, key: str | int) -> Any:
        if isinstance(key, str):
            if key not in self.named:
                raise BadInput(f"The query names the parameter '{key}', which 'params' does not give.")
            return self.named[key]
        place = key - 1 if key else self._taken
        self._taken = max(self._taken, place + 1)
        if place >= len(self._listed):
            raise BadInput(f"The query has more parameters than the {len(self._listed)} that 'params' gives.")
        return self._listed[place]

    def all_used(self) -> None:
        if self._taken and self._taken < len(self._listed):
            raise BadInput(f"'params' gives {counted(len(self._listed), 'value')}; the query uses {self._taken}.")


def clock(wall: datetime) -> str:
    """A wall time as databases write it."""
    return f"{wall:%Y-%m-%d %H:%M:%S}"


def _said(found: Iterable[Piece]) -> list[Piece]:
    return [piece for piece in found if piece.kind != "comment"]


def _quoted_tokens(found: Iterable[Piece]) -> str:
    for piece in found:
        if piece.kind == "text" and (inside := QUOTED.fullmatch(piece.text[1:-1])):
            token = inside.group()
            return f"{token} stands within quotes, where it is text and not a date. Write {token} without quotes."
    return ""

"""What a dialect is: how its queries are written, and how its server is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.base.errors import BadInput, SourceUnreachable, did_you_mean
from core.datasources.kinds.sql.args import SqlArgs
from core.datasources.kinds.sql.reading import Door
from core.datasources.kinds.sql.tokens import Tongue
from core.datasources.window import Window

CONNECT_S = 10
"""Seconds that a server may take to say hello."""


@dataclass(frozen=True, slots=True)
class Words:
    """Questions of our own, in a dialect's words."""

    version: str
    tables: str
    """Counts the tables that can be asked."""
    schema: str
    """Rows of table, column, type."""


class Dialect:
    """A kind of database, and one of them."""

    label: ClassVar[str]
    words: ClassVar[Words]
    usual_port: ClassVar[int] = 0
    works_here: ClassVar[bool] = False
    """Whether the engine runs in this process, so that more questions at once than there are cores only wait."""

    def __init__(self, args: SqlArgs, window: Window) -> None:
        self.args = args
        self.window = window

    def tongue(self) -> Tongue:
        raise NotImplementedError

    def open(self) -> Door:
        """A connection; SourceUnreachable or BadInput in words if there is none to be had."""
        raise NotImplementedError

    def limited(self, text: str, most: int) -> str:
        """`text`, which has no LIMIT yet, with one."""
        return f"{text}\nLIMIT {most}"

    def counting(self, text: str) -> str:
        return f"SELECT count(*) FROM (\n{text}\n) AS counted"  # noqa: S608 - the author's own query, checked to only read

    def summing(self, text: str, column: str) -> str:
        """Rows, the sum of a column, and how many of its values are no numbers; empty where that cannot be asked."""
        return ""

    def place(self) -> str:
        """The database in words, for sentences."""
        where = f"{self.args.host or 'localhost'}:{self.args.port or self.usual_port}"
        return f"'{self.args.database}' on {where}" if self.args.database else where

    def hidden(self, said: object) -> str:
        """What a driver said, on one line and without the password."""
        text = " ".join(str(said).split())
        password = self.args.password.get_secret_value()
        return text.replace(password, "***") if len(password) > 2 else text

    def wrong(self, said: object) -> BadInput:
        """The database refused the query."""
        return BadInput(f"{self.label} refused the query: {_ended(self.hidden(said))}")

    def away(self, said: object) -> SourceUnreachable:
        """The database could not be reached."""
        return SourceUnreachable(f"{self.label} {self.place()} could not be reached: {_ended(self.hidden(said))}")

    def only_takes(self, known: tuple[str, ...]) -> dict[str, Any]:
        """The driver's own arguments; BadInput that names one it does not have."""
        for name in self.args.others:
            if name not in known:
                hint = did_you_mean(name, [*SqlArgs.model_fields, *known])
                raise BadInput(f"The driver '{self.args.driver}' has no argument named '{name}'.{hint}")
        return self.args.others


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."

"""pyarrow without pandas behind it.

The first `pyarrow.array` of a process imports pandas if it is installed, only to ask
whether what it was given is a Series. That costs a command line more than the query
that it runs, so here pyarrow learns early that there is none; a later
`Table.from_pandas` still finds it.
"""

from __future__ import annotations

import sys
from threading import Lock, get_ident
from typing import Any

_lock = Lock()
_settled: set[str] = set()


def arrow() -> Any:
    """The module pyarrow, which will not import pandas by itself."""
    import pyarrow

    if not _settled:
        with _lock:
            _settle(pyarrow)
    return pyarrow


def _settle(pyarrow: Any) -> None:
    if not _settled and "pandas" not in sys.modules:
        closed = _Closed(get_ident())
        sys.meta_path.insert(0, closed)
        try:
            pyarrow.array([])
        finally:
            sys.meta_path.remove(closed)
    _settled.add("pandas")


class _Closed:
    """An import hook that finds no pandas, for one thread."""

    def __init__(self, thread: int) -> None:
        self._thread = thread

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name == "pandas" and get_ident() == self._thread:
            raise ModuleNotFoundError(name)

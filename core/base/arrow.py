"""pyarrow without pandas behind it, and without the wrappers of its own that small work does not need.

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


def cast(column: Any, kind: Any) -> Any:
    """`column` as another type; pyarrow.ArrowInvalid where a value cannot be."""
    compute = _compute()
    return compute.call_function("cast", [column], compute.CastOptions.safe(kind))


def unique(column: Any) -> Any:
    """Each value of `column` once."""
    return _compute().call_function("unique", [column])


def encoded(column: Any, null_encoding: str = "mask") -> Any:
    """`column` as numbers of its different values."""
    compute = _compute()
    return compute.call_function("dictionary_encode", [column], compute.DictionaryEncodeOptions(null_encoding))


def rows_where(table: Any, kept: Any) -> Any:
    """Rows of `table` at which the array of booleans says so."""
    pa, compute = arrow(), _compute()
    return compute.call_function("filter", [table, pa.array(kept)], compute.FilterOptions("drop"))


def rows_at(table: Any, places: Any) -> Any:
    """Rows of `table` in the order of their numbers."""
    pa, compute = arrow(), _compute()
    return compute.call_function("take", [table, pa.array(places)], compute.TakeOptions(boundscheck=True))


def _compute() -> Any:
    """Arrow's functions by name.

    `pyarrow.compute`, and every method of an array that imports it, first writes a Python
    function for each of some hundred, which takes as long as a small query.
    """
    arrow()
    try:
        from pyarrow import _compute
    except ImportError:  # it is pyarrow's own; the public one does the same
        from pyarrow import compute as _compute
    return _compute


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

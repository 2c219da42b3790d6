"""Tables that people fill in elsewhere: CSV with named columns, by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.base.errors import BadInput, did_you_mean

MOST_ROWS = 20_000
MOST_BYTES = 10_000_000

Columns = Mapping[str, Sequence[str]]
"""Column → what its head may be called."""


def decoded(content: bytes, name: str) -> str:
    """The text of a file; BadInput where it is too large or not UTF-8."""
    if len(content) > MOST_BYTES:
        raise BadInput(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Cut it into several.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"'{name}' is not written in UTF-8. Save it so, and send it again.") from error


def rows(text: str, name: str, columns: Columns, needed: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row's place ("line 4") and cells by column; a column that the file lacks is left out."""
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    known = {one.strip().casefold(): one for one in reader.fieldnames or ()}
    found = {what: known[word] for what, words in columns.items() for word in words if word in known}
    for what in needed:
        if what not in found:
            hint = did_you_mean(columns[what][0], known)
            raise BadInput(f"'{name}' has no column '{columns[what][0]}'.{hint} Its first line must name the columns.")
    for number, row in enumerate(reader, 1):
        if number > MOST_ROWS:
            raise BadInput(f"The file has more than {MOST_ROWS:,} rows. Cut it into several.")
        cells = {what: (row.get(column) or "").strip() for what, column in found.items()}
        if any(cells.values()):
            yield f"line {reader.line_num}", {what: plain(cell) for what, cell in cells.items()}


def written(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """A table as a file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return buffer.getvalue().encode()


def plain(cell: str) -> str:
    """A cell without the sign that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _cell(value: object) -> object:
    # A spreadsheet would run a text that begins like a formula.
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value

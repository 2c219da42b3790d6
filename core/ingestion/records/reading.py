"""Records out of a file, one after the other: CSV with any separator, JSON, or a JSON object a line (NDJSON)."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from typing import IO, Any

from core.base.counted import counted
from core.base.errors import BadInput, did_you_mean

FORMATS = ("csv", "json", "ndjson")
SEPARATORS = ",;\t|"
CHUNK = 1 << 20
LONGEST = 1 << 20
"""Letters of one cell or one line: more than that is no record."""

Numbered = tuple[int, dict[str, Any] | str]
"""The row's number, as its file counts, and what it says; or why it cannot be read."""


def format_of(name: str, content_type: str = "") -> str:
    """The format by a file's name, else by what HTTP calls it; BadInput if neither tells."""
    ending = name.lower().rpartition(".")[2]
    by_ending = {"csv": "csv", "tsv": "csv", "txt": "csv", "json": "json", "ndjson": "ndjson", "jsonl": "ndjson"}
    bare = content_type.partition(";")[0].strip().lower()
    by_type = {"text/csv": "csv", "application/csv": "csv", "text/tab-separated-values": "csv",
               "application/json": "json", "application/x-ndjson": "ndjson", "application/ndjson": "ndjson",
               "application/jsonl": "ndjson"}  # fmt: skip
    if found := by_ending.get(ending) or by_type.get(bare):
        return found
    raise BadInput(f"The format of '{name or content_type}' is not known. Name it: {', '.join(FORMATS)}.")


def records(stream: IO[bytes], fmt: str, fields: list[str], *, ignore_unknown: bool = False) -> Iterator[Numbered]:
    """What the file says. Rows are numbered as people see them: the line in CSV and NDJSON, the place in JSON."""
    read = {"csv": _csv, "json": _json, "ndjson": _ndjson}.get(fmt)
    if read is None:
        raise BadInput(f"'{fmt}' is no format of records. Use one of {', '.join(FORMATS)}.")
    known = set(fields)
    for number, row in read(stream, fields, ignore_unknown):
        yield number, _only(row, known) if ignore_unknown and isinstance(row, dict) else row


def _only(row: dict[str, Any], known: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in known}


def encoding_of(stream: IO[bytes]) -> str:
    """The encoding by its first bytes; what is not UTF-8 is taken for Windows-1252, as old spreadsheets write."""
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        stream.seek(0)
    return "utf-8-sig"


def _text(stream: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding=encoding_of(stream), errors="replace", newline="")


def _csv(stream: IO[bytes], fields: list[str], ignore_unknown: bool) -> Iterator[Numbered]:
    text = _text(stream)
    try:
        csv.field_size_limit(LONGEST)
        head = text.readline(LONGEST)
        while head and not head.strip():
            head = text.readline(LONGEST)
        separator = max(SEPARATORS, key=head.count)
        names = [_name(name) for name in next(csv.reader([head], delimiter=separator), [])]
        _known(names, fields, ignore_unknown)
        reader = csv.reader(text, delimiter=separator)
        for cells in reader:
            number = reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                yield number, f"The row has {counted(len(cells), 'cell')}, and the heading {len(names)}."
            else:
                yield number, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise BadInput(f"The file is no CSV that can be read: {error}.") from error
    finally:
        text.detach()


def _name(heading: str) -> str:
    return heading.strip().lower().replace(" ", "_").replace("-", "_")


def _known(names: list[str], fields: list[str], ignore_unknown: bool) -> None:
    if not any(names):
        raise BadInput("The file is empty. Its first line names the fields; a template shows which there are.")
    if twice := next((name for name in names if name and names.count(name) > 1), ""):
        raise BadInput(f"The heading names '{twice}' twice. Leave one of the two out.")
    unknown = next((name for name in names if name and name not in fields), "")
    if unknown and not ignore_unknown:
        raise BadInput(
            f"There is no field '{unknown}'.{did_you_mean(unknown, fields)} Fields: {', '.join(fields)}."
            " Leave the column out, or choose to ignore unknown fields."
        )
    if not set(names) & set(fields):
        raise BadInput(f"The first line names no field. Fields: {', '.join(fields)}.")


def _ndjson(stream: IO[bytes], fields: list[str], ignore_unknown: bool) -> Iterator[Numbered]:
    text = _text(stream)
    try:
        number = 0
        while line := text.readline(LONGEST):
            number += 1
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                yield number, f"The line is no JSON: {error}."
                continue
            yield number, row if isinstance(row, dict) else "The line is no JSON object."
    finally:
        text.detach()


def _json(stream: IO[bytes], fields: list[str], ignore_unknown: bool) -> Iterator[Numbered]:
    """A list of objects, or an object whose "records" is one; read as it comes."""
    import ijson

    place = _place(stream)
    try:
        for number, row in enumerate(ijson.items(stream, place, use_float=True), 1):
            yield number, row if isinstance(row, dict) else "The item is no JSON object."
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise BadInput(f"The file is no JSON: {str(error).splitlines()[0]}. Nothing after that can be read.") from error


def _place(stream: IO[bytes]) -> str:
    start = stream.read(4096)
    stream.seek(3 if start.startswith(codecs.BOM_UTF8) else 0)
    bare = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if not bare.startswith((b"[", b"{")):
        raise BadInput('The file is no JSON of records. Write a list of objects, or {"records": [ … ]}.')
    return "item" if bare.startswith(b"[") else "records.item"

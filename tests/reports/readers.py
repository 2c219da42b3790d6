"""What files of a report say, read by programs that are not ours: as numbers and words, in the order of the page."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import openpyxl
import pypdf
from lxml import html

from core.documents.renderers.email import MailBody

Cell = Any
Rows = list[list[Cell]]


class Words:
    """All words of a file, without white space: lines are broken in one format where they are not in another."""

    def __init__(self, said: str) -> None:
        self.text = squeezed(said)
        self.ends = {0, *accumulate(len(word) for word in said.split())}

    def __contains__(self, words: str) -> bool:
        """Whether it is said there, from the beginning of a word to the end of one."""
        sought, at = squeezed(words), -1
        while (at := self.text.find(sought, at + 1)) >= 0:
            if at in self.ends and at + len(sought) in self.ends:
                return True
        return False


@dataclass
class Read:
    """One file."""

    words: Words
    stats: list[tuple[str, Cell, str]] = field(default_factory=list)
    """Title, number, and how it is written."""
    grids: list[Rows] = field(default_factory=list)
    """Of charts and tables, without their heads: numbers, where the format has them."""
    written: list[Rows] = field(default_factory=list)
    """The same as it is written."""
    heads: list[list[str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    """What is said instead of them."""


def squeezed(words: Any) -> str:
    return "".join(str(words).split())


def of_json(content: bytes) -> Read:
    """The frozen document: its blocks are read by the test itself."""
    return Read(Words("\n".join(_strings(json.loads(content)))))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, str):
        yield value
    elif value is not None and not isinstance(value, (int, float)):
        for one in value:
            yield from _strings(one)


def of_csv(content: bytes) -> Read:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    sheets = {name: list(csv.reader(io.StringIO(text))) for name, text in texts.items()}
    found = Read(Words("\n".join(cell for rows in sheets.values() for row in rows for cell in row)))
    for name, (head, *rows) in sorted(sheets.items()):
        if name == "01-numbers.csv":
            found.stats = [(row[0], row[2], row[1] or row[head.index("State")]) for row in rows]
        elif name != "about.csv":
            found.heads.append(head)
            found.grids.append([row for row in rows if len(row) == len(head)])
    return found


def of_xlsx(content: bytes) -> Read:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    found = Read(Words("\n".join(str(cell) for rows in sheets.values() for row in rows for cell in row if cell)))
    for name, (head, *rows) in sheets.items():
        table = list(_until_empty(rows))
        if name == "Numbers":
            found.stats = [(row[0], row[2], row[1] or row[head.index("State")]) for row in table]
        elif name not in ("About", "Provenance", "Pictures"):
            found.heads.append([str(cell) for cell in head])
            found.grids.append(table)
    return found


def _until_empty(rows: Rows) -> Iterator[list[Cell]]:
    for row in rows:
        if not any(cell is not None for cell in row):
            return
        yield row


def of_html(content: bytes) -> Read:
    page = html.fromstring(content.decode())
    found = Read(Words("\n".join(page.xpath("//body")[0].itertext())))
    for card in page.xpath('//article[contains(@class, "stat")]'):
        title, value = card.xpath("./h3")[0].text_content(), card.xpath('.//p[@class="value"]')[0]
        found.stats.append((title, next(iter(value.xpath("./data/@value")), ""), value.text_content().strip()))
    for table in page.xpath("//figure//table"):
        rows = [row.xpath("./td[not(@colspan)]|./th") for row in table.xpath("./tbody/tr")]
        found.heads.append([cell.text_content() for cell in table.xpath("./thead//th")])
        found.grids.append([[cell.get("data-value", cell.text_content()) for cell in row] for row in rows if row])
        found.written.append([[cell.text_content() for cell in row] for row in rows if row])
    return found


def of_markdown(content: bytes) -> Read:
    text = content.decode()
    found = Read(Words(_plain(text)))
    rows: list[list[str]] = []
    for line in text.splitlines():
        if told := re.match(r"\*\*(.+?):\*\* (.+?)(?: \(|\s*$)", line):
            found.stats.append((_plain(told[1]), None, _plain(told[2])))
        if not line.startswith("|") and rows:
            found.heads.append(rows[0])
            found.written.append(rows[1:])
            rows = []
        if line.startswith("| "):
            rows.append([_plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def _plain(markdown: str) -> str:
    return re.sub(r"\\([\\`*_\[\]|<>#])", r"\1", markdown).replace("&amp;", "&")


def of_pdf(content: bytes) -> Read:
    return Read(Words("\n".join(sheets(content))))


def sheets(content: bytes) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def of_mail(mail: MailBody) -> Read:
    page = html.fromstring(mail.html)
    found = Read(Words("\n".join(page.xpath("//body")[0].itertext())), pictures=page.xpath("//img/@alt"))
    for table in page.xpath("//table[thead]"):
        rows = [row.xpath("./td[not(@colspan)]") for row in table.xpath("./tbody/tr")]
        found.heads.append([cell.text_content() for cell in table.xpath("./thead//th")])
        found.written.append([[cell.text_content() for cell in row] for row in rows if row])
    return found


READERS = {"json": of_json, "csv": of_csv, "xlsx": of_xlsx, "html": of_html, "markdown": of_markdown, "pdf": of_pdf}


def number(text: str, days: bool = False) -> tuple[float, float] | None:
    """The number that is written there, and how far it may be off by its rounding; None where there is no number."""
    if text == "no change":
        return 0.0, 0.005
    told = re.fullmatch(r"([+−-]?)([\d,]+)(?:\.(\d+))?( %| h| d| min| / day| / week| points)?", text.strip())
    if told is None:
        return None
    sign, whole, rest, unit = told.groups()
    value = float(whole.replace(",", "") + "." + (rest or "0")) * (-1 if sign in ("−", "-") else 1)
    factor = {" %": 0.01, " min": 1 / 60, " d": 1 if days else 24}.get(unit or "", 1)
    return value * factor, factor * 0.5 * 10 ** -len(rest or "") + 1e-9

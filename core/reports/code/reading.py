"""Files to a `ReportFile`, with the place of everything in them."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from core.base import machine
from core.reports.code.composing import composed
from core.reports.code.file import ReportFile
from core.reports.code.nodes import Node, merged
from core.reports.code.problems import BadFile, Findings, Place, Problem
from core.reports.code.shaping import shaped

MOST_BYTES = 5_000_000
TOO_LARGE = f"The file is larger than {MOST_BYTES // 1_000_000} MB. A report file is a few pages."
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was read of a report's files."""

    root: Node
    findings: Findings
    file: ReportFile | None
    """None if something in it is wrong; `findings` then says what."""

    @property
    def problems(self) -> list[Problem]:
        """What was found so far, in the order of the file."""
        return sorted(self.findings.problems, key=lambda one: one.place)

    def examined(self) -> list[Problem]:
        """Everything that is wrong or doubtful, with what kinds refuse of their arguments, in the order of the file."""
        refused = self.checked()[1] if self.file else []
        return sorted([*self.findings.problems, *refused], key=lambda one: one.place)

    def checked(self) -> tuple[ReportFile, list[Problem]]:
        """The file with its arguments as their kinds want them, and what they refuse; BadFile as `certain`."""
        from core.reports.code.checking import checked

        refused = Findings()
        file = checked(self.certain(), self.root, refused)
        return file, refused.problems

    def certain(self, *, strict: bool = False) -> ReportFile:
        """The file; BadFile if anything in it is wrong, with `strict` also if anything is doubtful."""
        if self.file is None or self.findings.errors or (strict and self.findings.warnings):
            raise BadFile(map(_as_error, self.problems) if strict else self.problems)
        return self.file


def read(paths: Sequence[Path], *, expand: bool = True) -> ReportFile:
    """The report of one file, or of several merged left to right; BadFile with every problem and its place.

    What a kind refuses of its arguments is left for the report to tell: one broken view does not cost the rest.

    `expand` replaces `${NAME}` by this machine's variables: for files of its own people, not for what was uploaded.
    """
    return opened(paths, expand=expand).checked()[0]


def examined(paths: Sequence[Path], *, expand: bool = True) -> list[Problem]:
    """Everything that is wrong or doubtful, in the order of the file. Never raises for what is in it."""
    try:
        one = opened(paths, expand=expand)
    except BadFile as error:
        return list(error.problems)
    return one.examined()


def opened(paths: Sequence[Path], *, expand: bool = True) -> Opened:
    """The same with warnings; what is wrong inside is told instead of raised. BadFile where it is no YAML at all."""
    texts = [(str(path), _text(path)) for path in paths]
    return opened_texts(texts, variables=machine.variables() if expand else None)


def opened_texts(texts: Sequence[tuple[str, str]], *, variables: Mapping[str, str] | None = None) -> Opened:
    """`opened` for texts, each with the name that problems call it by. Without `variables` none is replaced."""
    findings = Findings()
    root = reduce(merged, [_top(name, text, findings, variables) for name, text in texts])
    return Opened(root, findings, shaped(root, findings))


def _top(name: str, text: str, findings: Findings, variables: Mapping[str, str] | None) -> Node:
    """The document of one file, which must be a mapping."""
    if len(text) > MOST_BYTES:
        raise _refused(name, TOO_LARGE)
    root = composed(text.removeprefix("\ufeff"), name, findings, variables)
    if root is None or root.value is None:
        raise _refused(name, "The file is empty. Begin with 'title: My report', then 'datasources:' and 'views:'.")
    if not isinstance(root.value, dict):
        what = "a list" if isinstance(root.value, list) else "a text"
        raise BadFile(
            [Problem("error", f"The file holds {what}. It must hold keys: title, datasources, views.", root.place)]
        )
    return root


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise _refused(str(path), "There is no such file.") from error
    except OSError as error:
        raise _refused(str(path), f"The file cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise _refused(
            str(path), f"The file is larger than {MOST_BYTES // 1_000_000} MB. A report file is a few pages."
        )
    return _decoded(str(path), content)


def _decoded(name: str, content: bytes) -> str:
    encoding = "utf-16" if content.startswith(UTF16) else "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        place = Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        sentence = f"The file is not UTF-8: the byte 0x{content[error.start]:02X} is no letter. Save it as UTF-8."
        raise BadFile([Problem("error", sentence, place)]) from error


def _refused(name: str, sentence: str) -> BadFile:
    return BadFile([Problem("error", sentence, Place(name))])


def _as_error(problem: Problem) -> Problem:
    return Problem("error", problem.sentence, problem.place, problem.path)

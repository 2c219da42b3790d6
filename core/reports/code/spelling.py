"""What a YAML parser stumbled over, as a sentence that says what to do."""

from __future__ import annotations

from typing import Any

LINE_UP = "This line does not line up with those above it. Indent the keys of one level alike, with spaces."
TAB = "A tab stands where YAML takes spaces only. Replace it with spaces."
SECOND_COLON = (
    "A ':' is not expected here. Put a value that holds ': ' in quotes, or line this key up with its neighbours."
)
NO_COLON = "This line is neither a key with ':' nor part of a value. Add the ':', or indent it below its key."
UNCLOSED = "The quote that opens here is not closed."
AFTER = "Nothing may follow a finished value here. Put the whole value in quotes."
ESCAPE = "Double quotes do not know this escape. Write single quotes, or double the backslash."

SENTENCES = {
    "mapping values are not allowed in this context": SECOND_COLON,
    "mapping values are not allowed here": SECOND_COLON,
    "did not find expected key": LINE_UP,
    "expected <block end>": LINE_UP,
    "could not find expected ':'": NO_COLON,
    "found unknown escape character": ESCAPE,
    "found a tab character": TAB,
    "did not find expected ',' or ']'": (
        "The list that opens with '[' in line {line} goes wrong here. Write ',' or close it with ']'."
    ),
    "did not find expected ',' or '}'": (
        "The mapping that opens with '{{' in line {line} goes wrong here. Write ',' or close it with '}}'."
    ),
    "did not find expected '-' indicator": (
        "This line does not begin with '-' as the list that it stands in does. Indent the list's lines alike."
    ),
    "found undefined tag handle": "A value cannot begin with '!'. Put it in quotes.",
    "did not find expected alphabetic or numeric character": "A value cannot begin with '*' or '&'. Put it in quotes.",
    "did not find expected comment or line break": (
        "Nothing may follow '|' or '>' on its line. Begin the text below, indented."
    ),
    "found incompatible YAML document": "Remove this line: report files are YAML 1.1.",
}
"""The beginning of what the parser says → what a person reads; `line` is where the thing began."""


def explained(error: Any, text: str) -> tuple[str, int, int]:
    """Sentence, line and column of what the parser raised; both counted from 1."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return _unreadable(text)
    problem, began = str(error.problem or error.context), error.context_mark
    if "unexpected end of stream" in problem and began:
        return UNCLOSED, began.line + 1, began.column + 1
    if "could not find expected ':'" in problem and began:
        mark = began
    line, column = mark.line + 1, mark.column + 1
    if "cannot start any token" in problem:
        return _stray(text, line, column), line, column
    if problem == "did not find expected key" and _before(text, line, column):
        return AFTER, line, column
    sentence = next((words for start, words in SENTENCES.items() if problem.startswith(start)), "")
    told = sentence.format(line=began.line + 1 if began else line)
    return told or f"This is no YAML: {problem}.", line, column


def _unreadable(text: str) -> tuple[str, int, int]:
    """The first character that no YAML file may hold."""
    from yaml.reader import Reader

    match = Reader.NON_PRINTABLE.search(text)
    if match is None:
        return "This is no YAML.", 1, 1
    line, column = text.count("\n", 0, match.start()) + 1, match.start() - text.rfind("\n", 0, match.start())
    return f"The character U+{ord(match[0]):04X} cannot stand in a YAML file. Remove it.", line, column


def _before(text: str, line: int, column: int) -> str:
    """What stands in front on the same line."""
    return (text.split("\n")[line - 1 : line] or [""])[0][: column - 1].strip(" -")


def _stray(text: str, line: int, column: int) -> str:
    """A character that no value can begin with."""
    found = (text.split("\n")[line - 1 : line] or [""])[0][column - 1 : column]
    return TAB if found == "\t" else f"A value cannot begin with '{found}'. Put it in quotes."

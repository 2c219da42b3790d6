"""The command line teaches, speaks to machines, and no example names what is not there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from core.entrypoints.cli import COMMANDS, assembled

ROOT = Path(__file__).resolve().parents[2]
PROSE = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SPEAKS_OTHERWISE = {"up", "worker", "people export", "people mailmap"}
"""Two that run until they are stopped, and one whose answer is a file of git's."""
TAUGHT = (
    "ingest git", "people list", "people merge", "people unmerge", "people bots", "snapshots generate",
    "snapshots status", "metrics list", "metrics show", "metrics explain", "report list", "report create",
    "report export", "export", "users add", "users passwd", "demo reset", "schedule create",
)  # fmt: skip


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    for name, child in children.items():
        yield from leaves(child, (*path, name))
    if not children or getattr(command, "invoke_without_command", False):
        yield " ".join(path), command


TREE = typer.main.get_command(assembled([]))
EVERY = dict(leaves(TREE))


def options(command: Any) -> set[str]:
    return {word for option in command.params for word in (*option.opts, *option.secondary_opts)} | {"--help"}


@pytest.mark.parametrize("path", sorted(set(EVERY) - SPEAKS_OTHERWISE))
def test_every_command_speaks_to_machines(path: str) -> None:
    assert "--json" in options(EVERY[path])


@pytest.mark.parametrize("path", TAUGHT)
def test_the_help_of_a_command_shows_how_it_is_used(path: str) -> None:
    assert f"sightline {path}" in EVERY[path].help


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_does(name: str) -> None:
    assert TREE.commands[name].get_short_help_str(200) == COMMANDS[name]  # type: ignore[attr-defined]


def test_starting_says_where_the_data_lie_and_on_which_port() -> None:
    assert "SIGHTLINE_HOME" in EVERY["up"].help and "SIGHTLINE_PORT" in EVERY["up"].help


def unknown(line: str) -> list[str]:
    """Words of an example that name no command and no option of it."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:  # a sentence with an apostrophe, not a command
        words = line.split()
    command, spoken = TREE, []
    while words and (children := getattr(command, "commands", {})):
        spoken.append(words.pop(0))
        if spoken[-1] not in children:
            return [] if spoken[-1].startswith("-") else [" ".join(spoken)]
        command = children[spoken[-1]]
    given = {word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z][a-z-]*(=.*)?", word)}
    return sorted(given - options(command))


EXAMPLES = re.compile(r"(?:^|[`/|] ?|\bExample: |: )(?:\S*/)?sightline (?!is\b)([a-z][^`|>…\n]*)", re.MULTILINE)


@pytest.mark.parametrize("page", PROSE, ids=lambda path: path.name)
def test_every_command_in_the_docs_can_be_typed(page: Path) -> None:
    assert [(line, wrong) for line in EXAMPLES.findall(page.read_text()) if (wrong := unknown(line))] == []


@pytest.mark.parametrize("path", sorted(EVERY))
def test_every_example_of_a_help_can_be_typed(path: str) -> None:
    text = EVERY[path].help or ""

    assert [(line, wrong) for line in EXAMPLES.findall(text) if (wrong := unknown(line))] == []

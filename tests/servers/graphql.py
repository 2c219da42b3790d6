"""Enough of GraphQL to answer a question with what it asks for and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\.\.\.|[A-Za-z_]\w*|-?\d+|[{}()\[\]:!$]')
ABSTRACT = ("Actor", "Node")


@dataclass
class Field:
    name: str
    alias: str
    args: dict[str, Any]
    inner: list[Any] = field(default_factory=list)


@dataclass
class Part:
    """A spread fragment by its name, or one in place with what it holds."""

    kind: str
    inner: list[Any] | None
    spread: str = ""


@dataclass(frozen=True)
class Variable:
    name: str


class Document:
    """A question, parsed."""

    def __init__(self, text: str) -> None:
        self.tokens, self.at = TOKEN.findall(text), 0
        self.fragments: dict[str, Part] = {}
        self.fields: list[Any] = []
        while self.at < len(self.tokens):
            self._definition()

    def _definition(self) -> None:
        word = self._take()
        if word == "fragment":
            name, _, kind = self._take(), self._take(), self._take()
            self.fragments[name] = Part(kind, self._selection())
        elif word == "query":
            while self.tokens[self.at] != "{":
                if self._take() == "(":
                    depth = 1
                    while depth:
                        depth += {"(": 1, ")": -1}.get(self._take(), 0)
            self.fields = self._selection()

    def _selection(self) -> list[Any]:
        found: list[Any] = []
        self._take("{")
        while self.tokens[self.at] != "}":
            found.append(self._part() if self.tokens[self.at] == "..." else self._field())
        self._take("}")
        return found

    def _part(self) -> Part:
        self._take("...")
        if self.tokens[self.at] == "on":
            self._take()
            return Part(self._take(), self._selection())
        return Part("", None, self._take())

    def _field(self) -> Field:
        alias = name = self._take()
        if self.tokens[self.at] == ":":
            self._take()
            name = self._take()
        args = {}
        if self.tokens[self.at] == "(":
            self._take()
            while self.tokens[self.at] != ")":
                key = self._take()
                self._take(":")
                args[key] = self._value()
            self._take(")")
        inner = self._selection() if self.tokens[self.at] == "{" else []
        return Field(name, alias, args, inner)

    def _value(self) -> Any:
        word = self._take()
        if word == "$":
            return Variable(self._take())
        if word == "[":
            listed = []
            while self.tokens[self.at] != "]":
                listed.append(self._value())
            self._take("]")
            return listed
        if word == "{":
            given = {}
            while self.tokens[self.at] != "}":
                key = self._take()
                self._take(":")
                given[key] = self._value()
            self._take("}")
            return given
        return word[1:-1] if word.startswith('"') else int(word) if word.lstrip("-").isdigit() else word

    def _take(self, wanted: str = "") -> str:
        word = self.tokens[self.at]
        assert not wanted or word == wanted, f"{word!r} stands where {wanted!r} should"
        self.at += 1
        return str(word)


Page = Callable[[str, list[Any], Mapping[str, Any]], dict[str, Any]]


@dataclass
class Answering:
    """A document answered from plain dicts; `page` makes a connection of a list."""

    document: Document
    variables: Mapping[str, Any]
    page: Page

    def answer(self, root: Mapping[str, Any]) -> dict[str, Any]:
        return self._of(self.document.fields, root)

    def _of(self, selection: list[Any], thing: Mapping[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for one in selection:
            if isinstance(one, Part):
                part = self.document.fragments[one.spread] if one.spread else one
                kind = thing.get("__typename", part.kind)
                if part.kind in (kind, *ABSTRACT):
                    told |= self._of(part.inner or [], thing)
            else:
                told[one.alias] = self._field(one, thing)
        return told

    def _field(self, one: Field, thing: Mapping[str, Any]) -> Any:
        value, args = thing[one.name], self._filled(one.args)
        if callable(value):
            value = value(*args.values())
        if isinstance(value, list) and ("first" in args or "nodes" in {getattr(f, "name", "") for f in one.inner}):
            return self._of(one.inner, self.page(one.name, value, args))
        if isinstance(value, list):
            return [self._of(one.inner, each) if one.inner and each is not None else each for each in value]
        return self._of(one.inner, value) if one.inner and isinstance(value, Mapping) else value

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Variable):
            return self.variables.get(value.name)
        if isinstance(value, dict):
            return {key: self._filled(one) for key, one in value.items()}
        return [self._filled(one) for one in value] if isinstance(value, list) else value

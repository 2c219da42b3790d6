"""A visible table of kinds: built-ins by one line each, outsiders by entry point."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Generic, Protocol, TypeVar, cast

from core.base.errors import NotFound, did_you_mean


class Keyed(Protocol):
    """Anything with a key of its own."""

    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


class Registry(Generic[K]):
    """Kinds by key. Built-ins named as key → "module:class" are made when they are asked for.

    Entry points of `group` are loaded at the first look beyond the built-ins; a broken one names itself and is left
    out.
    """

    def __init__(self, noun: str, group: str = "", built_in: Mapping[str, str] | None = None) -> None:
        self.noun = noun
        self.group = group
        self._kinds: dict[str, K] = {}
        self._late = dict(built_in or {})
        self._loaded = not group

    def add(self, kind: K) -> K:
        if kind.key in self._kinds or kind.key in self._late:
            raise ValueError(f"Two {self.noun}s are named '{kind.key}'.")
        self._kinds[kind.key] = kind
        return kind

    def get(self, key: str) -> K:
        """Return the kind named `key`; NotFound with the nearest name if there is none."""
        if key not in self._kinds and key in self._late:
            self._kinds[key] = self._made(key)
        if key not in self._kinds:
            self._load()
        if key not in self._kinds:
            raise NotFound(f"There is no {self.noun} named '{key}'.{did_you_mean(key, self.keys())}")
        return self._kinds[key]

    def __iter__(self) -> Iterator[K]:
        return iter([self.get(key) for key in self.keys()])

    def __contains__(self, key: object) -> bool:
        if key not in self._kinds and key not in self._late:
            self._load()
        return key in self._kinds or key in self._late

    def __len__(self) -> int:
        return len(self.keys())

    def keys(self) -> list[str]:
        self._load()
        return [*self._late, *(key for key in self._kinds if key not in self._late)]

    def _made(self, key: str) -> K:
        module, _, name = self._late[key].partition(":")
        return cast(K, getattr(importlib.import_module(module), name)())

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        from importlib.metadata import entry_points

        for point in entry_points(group=self.group):
            try:
                self.add(point.load())
            except Exception as error:  # a stranger's plugin may raise anything; ours must go on
                from core.base import logs

                logs.logger(__name__).warning("plugin_left_out", noun=self.noun, plugin=point.name, error=str(error))

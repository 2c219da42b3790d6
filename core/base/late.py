"""A visible table of kinds that are imported when they are asked for, and not before.

Built-ins are lines "module:name"; outsiders register by entry point. Finding one of
them loads that one alone, so a broken or slow stranger costs nobody else anything.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from core.base.errors import BadInput, NotFound, SightlineError, did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

K = TypeVar("K")


class LateRegistry(Generic[K]):
    """Kinds by key. `get` imports the one that is asked for; `keys` imports none."""

    def __init__(self, noun: str, group: str, built_in: Mapping[str, str]) -> None:
        self.noun = noun
        self.group = group
        self._built_in = dict(built_in)
        self._found: dict[str, K] = {}
        self._outside: dict[str, EntryPoint] | None = None

    def get(self, key: str) -> K:
        """The kind named `key`. NotFound with the nearest name; BadInput that names a plugin that cannot be loaded."""
        if key not in self._found:
            self._found[key] = self._loaded(key)
        return self._found[key]

    def keys(self) -> list[str]:
        """Every key, built-ins first."""
        return list(dict.fromkeys([*self._built_in, *self._outsiders()]))

    def __contains__(self, key: object) -> bool:
        return key in self._built_in or key in self._outsiders()

    def _loaded(self, key: str) -> K:
        if place := self._built_in.get(key):
            module, _, name = place.partition(":")
            return cast(K, getattr(importlib.import_module(module), name))
        point = self._outsiders().get(key)
        if point is None:
            raise NotFound(f"There is no {self.noun} named '{key}'.{did_you_mean(key, self.keys())}")
        return self._plugged(point)

    def _plugged(self, point: EntryPoint) -> K:
        package = point.dist.name if point.dist else point.value
        try:
            return cast(K, point.load())
        except SightlineError:
            raise
        except Exception as error:  # a stranger's plugin may raise anything; it is named, and the rest goes on
            raise BadInput(
                f"The {self.noun} '{point.name}' of the package '{package}' cannot be loaded"
                f" ({type(error).__name__}: {error}). Update or remove that package."
            ) from error

    def _outsiders(self) -> dict[str, EntryPoint]:
        if self._outside is None:
            from importlib.metadata import entry_points

            self._outside = {point.name: point for point in entry_points(group=self.group)}
        return self._outside

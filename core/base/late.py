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

    def __init__(self, noun: str, group: str, built_in: Mapping[str, str], base: type | None = None) -> None:
        self.noun = noun
        self.group = group
        self.base = base
        """What a stranger's kind must be a subclass of, with settings of its kind in `Args`."""
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

    def lend(self, key: str, kind: K) -> None:
        """Make a kind known in this process that no package registers, for those who try their own."""
        self._found[key] = kind

    def take_back(self, key: str) -> None:
        """Forget a kind that was lent."""
        self._found.pop(key, None)

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
            kind = point.load()
        except SightlineError:
            raise
        except Exception as error:  # a stranger's plugin may raise anything; it is named, and the rest goes on
            raise BadInput(
                f"The {self.noun} '{point.name}' of the package '{package}' cannot be loaded"
                f" ({type(error).__name__}: {error}). Update or remove that package."
            ) from error
        if wrong := self._misfit(kind):
            raise BadInput(f"The {self.noun} '{point.name}' of the package '{package}' cannot be used: {wrong}")
        return cast(K, kind)

    def _misfit(self, kind: object) -> str:
        """Why this is no kind of ours; nothing if it is one."""
        if self.base is None:
            return ""
        name, ours = self.base.__name__, getattr(self.base, "Args", None)
        if not isinstance(kind, type) or not issubclass(kind, self.base):
            return f"it is no class made of {self.base.__module__}.{name}."
        args = getattr(kind, "Args", None)
        if isinstance(ours, type) and not (isinstance(args, type) and issubclass(args, ours)):
            return f"its Args is no class made of {ours.__module__}.{ours.__name__}."
        return ""

    def _outsiders(self) -> dict[str, EntryPoint]:
        if self._outside is None:
            from importlib.metadata import entry_points

            self._outside = {point.name: point for point in entry_points(group=self.group)}
        return self._outside

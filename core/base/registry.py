"""A visible table of kinds: built-ins by one line each, outsiders by entry point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from core.base.errors import NotFound, did_you_mean


class Keyed(Protocol):
    """Anything with a key of its own."""

    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


class Registry(Generic[K]):
    """Kinds by key. Entry points of `group` are loaded at the first look; a broken one names itself and is left out."""

    def __init__(self, noun: str, group: str = "") -> None:
        self.noun = noun
        self.group = group
        self._kinds: dict[str, K] = {}
        self._loaded = not group

    def add(self, kind: K) -> K:
        if kind.key in self._kinds:
            raise ValueError(f"Two {self.noun}s are named '{kind.key}'.")
        self._kinds[kind.key] = kind
        return kind

    def get(self, key: str) -> K:
        """Return the kind named `key`; NotFound with the nearest name if there is none."""
        self._load()
        if key not in self._kinds:
            raise NotFound(f"There is no {self.noun} named '{key}'.{did_you_mean(key, self._kinds)}")
        return self._kinds[key]

    def __iter__(self) -> Iterator[K]:
        self._load()
        return iter(self._kinds.values())

    def __contains__(self, key: object) -> bool:
        self._load()
        return key in self._kinds

    def __len__(self) -> int:
        self._load()
        return len(self._kinds)

    def keys(self) -> list[str]:
        self._load()
        return list(self._kinds)

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

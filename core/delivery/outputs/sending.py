"""Every output of a report is tried, whatever became of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.base.errors import SightlineError
from core.base.fields import accepted
from core.delivery.outputs.output import Output, Parcel
from core.delivery.outputs.registry import OUTPUTS


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an output."""

    name: str
    plugin: str
    answer: str = ""
    """Where it is now."""
    failure: str = ""
    """The sentence of what failed; empty if it arrived."""


def send_all(wanted: Mapping[str, tuple[str, Mapping[str, Any]]], parcel: Parcel) -> list[Sent]:
    """Send to every output, given as name → (plugin, args); answers in the order given. None raises.

    Those that serve files go first, since others may point to their pictures.
    """
    parcel.shared = any(args.get("image_remote_base_url") for _, args in wanted.values())
    order = sorted(wanted, key=lambda name: not _serves(wanted[name][0]))
    sent = {name: _sent(name, *wanted[name], parcel) for name in order}
    return [sent[name] for name in wanted]


def _serves(plugin: str) -> bool:
    try:
        return OUTPUTS.get(plugin).serves
    except SightlineError:
        return False  # which is told when it is tried


def opened(name: str, plugin: str, args: Mapping[str, Any]) -> Output:
    """The output ready to send; BadInput that names it, the argument and what is wrong with it."""
    kind = OUTPUTS.get(plugin)
    return kind(name, accepted(kind.Args, args, f"The output '{name}' ({plugin})", "argument"))


def _sent(name: str, plugin: str, args: Mapping[str, Any], parcel: Parcel) -> Sent:
    try:
        return Sent(name, plugin, opened(name, plugin, args).send(parcel))
    except SightlineError as error:
        return Sent(name, plugin, failure=error.message)
    except Exception as error:  # one faulty output must not keep the others from sending
        return Sent(name, plugin, failure=f"The output '{name}' ({plugin}) failed: {type(error).__name__}: {error}")

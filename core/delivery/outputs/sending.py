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
    """Send to every output, given as name → (plugin, args), in the order given. None raises."""
    return [_sent(name, plugin, args, parcel) for name, (plugin, args) in wanted.items()]


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

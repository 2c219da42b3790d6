"""Every output of a report is tried, whatever became of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


Wanted = tuple[str, Mapping[str, Any] | Callable[[], Output]]
"""The plugin with its arguments, or the connection with what opens it."""


def send_all(wanted: Mapping[str, Wanted], parcel: Parcel) -> list[Sent]:
    """Send to every output, by name; answers in the order given. None raises.

    Those that serve files go first, since others may point to their pictures.
    """
    ready = {name: _ready(name, *one) for name, one in wanted.items()}
    parcel.shared = any(map(_points, ready.values(), wanted.values()))
    order = sorted(ready, key=lambda name: not getattr(ready[name], "serves", False))
    sent = {name: _sent(name, wanted[name][0], ready[name], parcel) for name in order}
    return [sent[name] for name in wanted]


def points(output: Output) -> bool:
    """Whether it shows pictures that another output has put where they are served."""
    return bool(getattr(output.args, "image_remote_base_url", ""))


def _points(output: Output | SightlineError, one: Wanted) -> bool:
    """The same for what may be wrong: who shows pictures is known of its arguments too."""
    if isinstance(output, Output):
        return points(output)
    return isinstance(one[1], Mapping) and bool(one[1].get("image_remote_base_url"))


def opened(name: str, plugin: str, args: Mapping[str, Any]) -> Output:
    """The output ready to send; BadInput that names it, the argument and what is wrong with it."""
    kind = OUTPUTS.get(plugin)
    return kind(name, accepted(kind.Args, args, f"The output '{name}' ({plugin})", "argument"))


def _ready(name: str, plugin: str, given: Mapping[str, Any] | Callable[[], Output]) -> Output | SightlineError:
    try:
        return given() if callable(given) else opened(name, plugin, given)
    except SightlineError as error:
        return error


def _sent(name: str, plugin: str, output: Output | SightlineError, parcel: Parcel) -> Sent:
    if isinstance(output, SightlineError):
        return Sent(name, plugin, failure=output.message)
    try:
        return Sent(name, plugin, output.send(parcel))
    except SightlineError as error:
        return Sent(name, plugin, failure=error.message)
    except Exception as error:  # one faulty output must not keep the others from sending
        return Sent(name, plugin, failure=f"The output '{name}' ({plugin}) failed: {type(error).__name__}: {error}")

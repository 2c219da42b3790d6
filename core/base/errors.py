"""Errors that advise: the message says what happened and what to do, the class whose fault it is.

Doors (pages, commands, routes, tasks) turn a `SightlineError` into its sentence
and never show a traceback. `fault` sorts a failed run into the person's or the
system's; `retry` says whether trying again unchanged can help.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Fault = Literal["user", "system"]


class SightlineError(Exception):
    """Root of every error that a person may read."""

    fault: Fault = "user"
    retry = False
    exit_code = 1
    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(SightlineError):
    """A value at the door is wrong; nothing was changed."""

    exit_code = 2


class NotFound(SightlineError):
    """The thing named does not exist, or not for this person."""

    exit_code = 4
    status = 404


class NotAllowed(SightlineError):
    """The actor lacks the capability."""

    exit_code = 5
    status = 403


class Conflict(SightlineError):
    """Somebody else changed or holds it."""

    exit_code = 6
    status = 409


class SourceUnreachable(SightlineError):
    """A source of data could not be read."""

    fault: Fault = "system"
    retry = True
    exit_code = 7
    status = 502


class StoreUnreachable(SightlineError):
    """A store of our own does not answer."""

    fault: Fault = "system"
    retry = True
    exit_code = 8
    status = 503


class StorageFull(SightlineError):
    """There is no room to keep an artifact."""

    fault: Fault = "system"
    retry = True
    exit_code = 9
    status = 507


class DeliveryFailed(SightlineError):
    """A message did not reach its channel. `retry` is set by the channel."""

    fault: Fault = "system"
    exit_code = 10

    def __init__(self, message: str, *, retry: bool = True) -> None:
        super().__init__(message)
        self.retry = retry


class LostLease(SightlineError):
    """Another worker took this run over; whatever this one still holds must be dropped."""

    fault: Fault = "system"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest of `known`, or an empty string."""
    from core.base.nearest import nearest

    near = nearest(word, known)
    return f" Did you mean '{near}'?" if near else ""

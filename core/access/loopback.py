"""Whether a request comes from this very machine: the demo's user is let in from nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
_NAMES = ("localhost", "127.0.0.1", "::1")


def is_local(peer: str, headers: Mapping[str, str]) -> bool:
    """Whether the peer is this machine and asked for it by a local name.

    A proxy makes every visitor look local, and a foreign name that resolves to
    127.0.0.1 is a known trick: neither counts.
    """
    if peer not in ("127.0.0.1", "::1") or any(headers.get(name) for name in FORWARDED):
        return False
    return urlsplit(f"//{headers.get('host') or ''}").hostname in _NAMES

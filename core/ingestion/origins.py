"""Addresses of one repository, however they are written: what makes a clone and a provider's source meet."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_SCP = re.compile(r"^(?:[^@/\s]+@)?([^:/\s]{2,}):(?!//)(.+)$")
"""git@host:owner/name, as ssh's own cp writes it. A single letter before the colon is a drive of Windows."""


def origin_of(address: str) -> str:
    """host/owner/name in small letters, without user, port and ".git"; empty for a folder of this machine."""
    address = address.strip()
    if "://" in address:
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path
        if parts.scheme == "file":
            return ""
    elif found := _SCP.match(address):
        host, path = found.groups()
    else:
        return ""
    path = re.sub(r"/+", "/", path).strip("/").removesuffix(".git").strip("/")
    host = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}.get(host.casefold(), host.casefold())
    return f"{host}/{path.casefold()}" if host and path else ""

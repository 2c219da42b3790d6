"""Addresses that a report may not reach: those where a cloud's machine hands out its own credentials.

Private networks stay open, since the databases and servers that a team reports on live
there; an installation may close more of them with `SIGHTLINE_OUTBOUND_DENY`.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from core.base.errors import BadInput, SourceUnreachable
from core.base.settings import settings

METADATA = (
    "169.254.0.0/16",
    "fe80::/10",
    "fd00:ec2::254/128",
    "100.100.100.200/32",
    "0.0.0.0/32",
    "::/128",
)
"""Link-local networks, those that mean this machine, and the addresses at which clouds serve a machine's metadata."""
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10", "fc00::/7", "::1/128")
"""What `private` stands for."""
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""Addresses that a gateway leads to the old ones in their last 32 bits."""


def checked_url(url: str, denied: Iterable[str] = ()) -> str:
    """`url` if it is http or https and leads to no forbidden address; BadInput if not."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput(f"'{url}' is no web address. Write https://host/path.")
    checked_host(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80), denied)
    return url


def checked_host(host: str, port: int, denied: Iterable[str] = ()) -> str:
    """`host` if none of its addresses is forbidden; BadInput if one is, SourceUnreachable if it has none."""
    closed = [ipaddress.ip_network(net) for net in (*METADATA, *denied, *_denied())]
    for address in _addresses(host, port):
        if any(address in net for net in closed):
            raise BadInput(
                f"'{host}' leads to {address}, which reports may not reach{_why(address)}."
                " Name the server that holds your data."
            )
    return host


def _why(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if any(address in ipaddress.ip_network(net) for net in METADATA):
        return ": machines serve their own secrets there"
    return " (SIGHTLINE_OUTBOUND_DENY)"


def _denied() -> Iterator[str]:
    """The networks that this installation closes."""
    for word in settings().outbound_deny.replace(",", " ").split():
        try:
            yield from PRIVATE if word == "private" else (str(ipaddress.ip_network(word, strict=False)),)
        except ValueError as error:
            raise BadInput(
                f"SIGHTLINE_OUTBOUND_DENY names '{word}', which is no network. Write 10.0.0.0/8, or private."
            ) from error


def _addresses(host: str, port: int) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceUnreachable(
            f"There is no machine named '{host}' that this one can find. Check the name."
        ) from error
    for entry in found:
        address = ipaddress.ip_address(str(entry[4][0]).partition("%")[0])
        yield _inner(address)


def _inner(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of the fourth version that one of the sixth stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address

"""Where the gateway may send what partners ask it to: to public addresses, and to hosts that its settings name.

A name is resolved once, here, and what is connected to is the address that was looked at: a name that answers
otherwise the second time leads nowhere.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of IPv4 within IPv6 (RFC 6052)."""

RESOLVED_AT_A_TIME = 64
"""How many names; threads are made when they are needed."""


class NotOutward(Exception):
    """The gateway does not send there; says why."""


def why_not_a_receiver(url: str) -> str | None:
    """What is wrong with a webhook's URL as it is written; None where nothing is."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is no URL"
    if parts.scheme != "https":
        return "must be https"
    if not host or port == 0 or not url.isascii() or not url.isprintable() or " " in url:
        return "is no URL"
    if parts.username is not None or parts.password is not None:
        return "must carry no user and no password"
    return "must have no fragment" if "#" in url else None


class OutwardAddresses:
    """Resolves the hosts of receivers."""

    def __init__(self, named: Collection[str]) -> None:
        """`named` are hosts that may lie within: as a URL writes them."""
        self._named = frozenset(host.lower() for host in named)
        # Its own threads: names that take long to resolve hold up neither each other nor anything else here.
        self._resolving = ThreadPoolExecutor(RESOLVED_AT_A_TIME, thread_name_prefix="resolving")

    async def of(self, host: str, port: int) -> str:
        """The address to connect to; raises NotOutward where there is none, or one of them lies within."""
        try:
            resolve = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
            found = await asyncio.get_running_loop().run_in_executor(self._resolving, resolve)
        except (OSError, UnicodeError) as error:
            raise NotOutward("the host has no address") from error
        addresses = [str(one[4][0]) for one in found]
        if not addresses:
            raise NotOutward("the host has no address")
        if host.lower() not in self._named and not all(is_outward(address) for address in addresses):
            raise NotOutward("the host is not on the public internet, and no setting names it")
        return addresses[0]


def is_outward(address: str) -> bool:
    """Whether an address is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if within is None and ip in NAT64:
            within = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if within is not None:
            return is_outward(str(within))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved

"""The edge, where TLS ends: what it says of a connection is believed from its own addresses, and from nowhere else."""

import ipaddress
import re
from collections.abc import Sequence

from fastapi import Request

from plateward.kernel.peers import PEER

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SHA256 = re.compile(r"[0-9a-f]{64}")


class Edge:
    """What the edge says of the certificates by which machines speak TLS."""

    def __init__(self, networks: Sequence[Network], header: str) -> None:
        """`networks` is where the edge itself is; with none, no certificate is ever believed."""
        self._networks, self._header = tuple(networks), header

    def certificate_sha256(self, request: Request) -> str | None:
        """The hash of the certificate that the edge has checked, in hexadecimal; None where it names none."""
        said = request.headers.getlist(self._header)
        if len(said) != 1 or not self._is_the_edge(request):
            return None
        digest = said[0].replace(":", "").lower()
        return digest if SHA256.fullmatch(digest) else None

    def _is_the_edge(self, request: Request) -> bool:
        peer = request.scope.get(PEER)
        try:
            address = ipaddress.ip_address(peer[0]) if peer else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self._networks)

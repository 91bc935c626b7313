"""HTTP clients for tests, which ask many small questions of servers on this machine."""

import ssl

import httpx

_TLS = ssl.create_default_context()
"""Nothing here speaks TLS, yet each client would read all the machine's certificates: a twentieth of a second."""


def asking(url: str = "", *, timeout_seconds: float = 30) -> httpx.AsyncClient:
    """A client of the service at this address."""
    return httpx.AsyncClient(base_url=url, timeout=timeout_seconds, verify=_TLS, trust_env=False)

"""Which requests a browser says another site has sent."""

import pytest
from starlette.requests import Request

from services.gateway.adapters.fences import forged


def request(**headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request(
        {"type": "http", "method": "POST", "scheme": "https", "path": "/login", "query_string": b"", "headers": named}
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"host": "gateway.example", "origin": "https://gateway.example"},
        {"host": "gateway.example:8443", "origin": "https://gateway.example:8443"},
    ],
)
def test_programs_and_the_own_pages_forge_nothing(headers: dict[str, str]) -> None:
    assert not forged(request(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "host": "gateway.example", "origin": "https://gateway.example"},
        {"host": "gateway.example", "origin": "http://gateway.example"},
        {"host": "gateway.example", "origin": "https://gateway.example:8443"},
        {"host": "gateway.example", "origin": "https://gateway.example.elsewhere.example"},
        {"host": "gateway.example", "origin": "null"},
        {"origin": "https://gateway.example"},
    ],
)
def test_what_another_site_sends_is_forged(headers: dict[str, str]) -> None:
    assert forged(request(**headers))

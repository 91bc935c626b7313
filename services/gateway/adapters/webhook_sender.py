"""Sending webhooks: over TLS to an address that was looked at, no redirects followed, no answers kept."""

import asyncio
import ssl
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from plateward.kernel.clock import now
from services.gateway.adapters.outward_addresses import NotOutward, OutwardAddresses
from services.gateway.shared_hits.delivery import Try

ANSWERS_WITHIN_SECONDS = 15.0
"""How long a receiver has from the first packet to its status: the spec's 15 to 30 seconds."""


class WebhookSender:
    """Sends one message at a time on a connection of its own.

    Connections are not kept: they go by address, and two receivers behind one address are two receivers.
    """

    def __init__(
        self,
        within: Collection[str] = (),
        authorities: Path | None = None,
        answers_within_seconds: float = ANSWERS_WITHIN_SECONDS,
    ) -> None:
        """`authorities` is a PEM file of certificate authorities that are trusted beside the public ones."""
        self._addresses = OutwardAddresses(within)
        self._within_seconds = answers_within_seconds
        self._tls = ssl.create_default_context()
        if authorities is not None:
            self._tls.load_verify_locations(authorities)

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Try:
        """What became of it; nothing that a receiver does raises."""
        at, begun = now(), time.monotonic()
        status, problem, retry_after = None, "", None
        try:
            async with asyncio.timeout(self._within_seconds):
                answer = await self._sent(httpx.URL(url), headers, body)
            status, retry_after = answer.status_code, _retry_after(answer.headers.get("retry-after", ""), at)
        except NotOutward as refused:
            problem = str(refused)
        except TimeoutError:
            problem = f"no answer within {self._within_seconds:g} seconds"
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            problem = _in_words(error)
        return Try(at, round((time.monotonic() - begun) * 1000), status, problem, retry_after)

    async def _sent(self, url: httpx.URL, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        address = await self._addresses.of(url.host, url.port or 443)
        there = url.copy_with(host=address)
        own = {"Host": url.netloc.decode(), "Content-Type": "application/json", "User-Agent": "plateward"}
        transport = httpx.AsyncHTTPTransport(
            verify=self._tls, retries=0, limits=httpx.Limits(max_keepalive_connections=0)
        )
        async with httpx.AsyncClient(transport=transport, timeout=None) as client:  # noqa: S113 - bounded as a whole
            # The certificate is that of the host, whatever address it has.
            request = client.build_request(
                "POST", there, headers=own | dict(headers), content=body, extensions={"sni_hostname": url.host}
            )
            answer = await client.send(request, stream=True)
            await answer.aclose()  # the status is all that counts: the body is not read
        return answer


def _retry_after(said: str, at: datetime) -> timedelta | None:
    """What the receiver asks for: seconds, or a date (RFC 9110, 10.2.3)."""
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), 10**9))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - at


def _in_words(error: Exception) -> str:
    if "certificate" in str(error).lower():
        return "the receiver's certificate is not one of its host's"
    if isinstance(error, httpx.ConnectError):
        return "the receiver could not be reached"
    return f"the receiver broke off ({type(error).__name__})"

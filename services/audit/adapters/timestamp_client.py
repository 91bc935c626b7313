"""A time-stamp authority over HTTP (RFC 3161, §3.4)."""

from urllib.parse import urlsplit

import httpx

from plateward.tlog.timestamps import StampRequest
from services.audit.timestamping import AuthorityAway

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"

REPLY_BYTES_MAX = 64 * 1024
"""A token with its certificates has some kilobytes."""


class HttpAuthority:
    """An authority at a URL, known by its host's name."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._url, self._client = url, client

    @property
    def name(self) -> str:
        """The name of its host."""
        return urlsplit(self._url).hostname or "authority"

    async def answer(self, request: StampRequest) -> bytes:
        """What it answers, unchecked; raises AuthorityAway."""
        try:
            answer = await self._client.post(self._url, content=request.content, headers={"Content-Type": QUERY})
        except httpx.HTTPError as error:
            raise AuthorityAway(f"it does not answer: {type(error).__name__}") from error
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if answer.status_code != httpx.codes.OK or kind != REPLY or len(answer.content) > REPLY_BYTES_MAX:
            raise AuthorityAway(f"it answers no time-stamp: status {answer.status_code}, {len(answer.content)} bytes")
        return answer.content

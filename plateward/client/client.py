"""The client of one gateway."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from types import TracebackType
from typing import Self, TypeVar

import httpx
import msgspec

from plateward.client.errors import NotAuthenticated, Refused, Unreachable, refusal
from plateward.client.keys import ClientKey
from plateward.client.patience import MAY_BE_RETRIED, Patience
from plateward.client.records import Asker
from plateward.client.searching import Keep, Progress, pages
from plateward.client.streaming import StreamEvent, events
from plateward.client.tokens import Tokens
from plateward.contracts.access import AccessRecord, Reason
from plateward.contracts.event import Value, decode, encode
from plateward.contracts.partners import PageAfter, PartnerSearchAnswered, PartnerSearchAsked
from plateward.contracts.questions import QuestionAsked
from plateward.contracts.shared_hits import SharedHitDelivered

ANSWER_WITHIN_SECONDS = 30.0

SILENT_AT_MOST_SECONDS = 15.0
"""A stream on which nothing comes for so long, not even a comment, is taken for broken."""

AnyValue = TypeVar("AnyValue", bound=Value)


class PartnerClient:
    """Asks one gateway as one machine client. An async context manager; may be used by many tasks at once."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        key: ClientKey,
        *,
        audience: str | None = None,
        certificate: ssl.SSLContext | None = None,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`audience` is the gateway's own name for itself where that is not `base_url`.

        `certificate` is how TLS is spoken: with the client's certificate, where one is on file.
        """
        base_url = base_url.rstrip("/")
        self.client_id, self._key, self._patience = client_id, key, patience or Patience()
        self._http = httpx.AsyncClient(
            base_url=base_url, timeout=ANSWER_WITHIN_SECONDS, verify=certificate or True, transport=transport
        )
        self._tokens = Tokens(self._http, client_id, key, audience or base_url, self._patience)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    def search(
        self,
        question: QuestionAsked,
        reason: Reason,
        owners: Sequence[str],
        *,
        asker: Asker,
        keep: Keep,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> AsyncIterator[PartnerSearchAnswered]:
        """Asks these owners, page by page; each record goes to `keep` before it is asked, and once it is answered.

        Raises PartnerError, and whatever `keep` raises.
        """
        return pages(self.ask, keep, asker, question, reason, owners, on_progress)

    async def ask(
        self, record: AccessRecord, question: QuestionAsked, after: PageAfter | None = None
    ) -> PartnerSearchAnswered:
        """One page, under a record that the requester has logged; its outcome is still to be. Raises PartnerError."""
        asked = PartnerSearchAsked(record=record, signature=self._key.sign(record), question=question, after=after)
        return await self.call("POST", "/v1/partner/searches", PartnerSearchAnswered, body=asked)

    async def call(self, method: str, path: str, kind: type[AnyValue], *, body: Value | None = None) -> AnyValue:
        """Any operation of the gateway for machines whose body and answer are contracts. Raises PartnerError."""
        answer = await self.request(method, path, body=body)
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.DecodeError as error:
            raise Refused(answer.status_code, "The gateway's answer is not of the contract", str(error)) from error

    async def request(self, method: str, path: str, *, body: Value | None = None) -> httpx.Response:
        """What the gateway answers where it succeeds; raises PartnerError.

        It may be sent several times: what the gateway does for machines, it does once for the same bytes.
        """
        content = None if body is None else encode(body)
        token = await self._tokens.current()
        answer = await self._sent(method, path, content, token)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._tokens.forget(token)
            answer = await self._sent(method, path, content, await self._tokens.current())
        if not answer.is_success:
            raise refusal(answer)
        return answer

    async def stream(self, path: str, *, after: str | None = None) -> AsyncGenerator[StreamEvent, None]:
        """The events of a stream, for ever: a line that breaks is opened again where it broke off.

        Raises PartnerError where the gateway refuses it, or cannot be reached for longer than patience lasts.
        """
        last_id, failed = after, 0
        while True:
            token = await self._tokens.current()
            headers = _authorised(token) | {"Accept": "text/event-stream"}
            if last_id is not None:
                headers["Last-Event-ID"] = last_id
            failure: Refused | Unreachable = Unreachable("the stream broke off, and cannot be opened again")
            answer = None
            try:
                timeout = httpx.Timeout(ANSWER_WITHIN_SECONDS, read=SILENT_AT_MOST_SECONDS)
                async with self._http.stream("GET", path, headers=headers, timeout=timeout) as answer:
                    if answer.is_success:
                        async for event in events(answer.aiter_lines()):
                            failed, last_id = 0, event.id or last_id
                            yield event
                        failed = 0
                        continue  # the gateway ends streams now and then, to be opened again
                    await answer.aread()
                    failure = refusal(answer)
            except httpx.TransportError as error:
                failure.__cause__ = error
            failed += 1
            if isinstance(failure, NotAuthenticated) and failed == 1:
                self._tokens.forget(token)
                continue
            if isinstance(failure, Refused) and failure.status not in MAY_BE_RETRIED:
                raise failure
            pause = self._patience.pause_seconds(failed, answer)
            if pause is None:
                raise failure
            await asyncio.sleep(pause)

    async def hits(self, *, after: int | None = None) -> AsyncGenerator[SharedHitDelivered, None]:
        """The hits that agreements share with the client, for ever: those that come, or all after this number.

        Each brings the owner's record of its delivery, for the client's own log. Raises PartnerError.
        """
        place = None if after is None else str(after)
        async with aclosing(self.stream("/v1/partner/hits/stream", after=place)) as coming:
            async for event in coming:
                if event.kind == "hit":
                    yield decode(event.data.encode(), SharedHitDelivered)

    async def _sent(self, method: str, path: str, content: bytes | None, token: str) -> httpx.Response:
        headers = _authorised(token) | ({} if content is None else {"Content-Type": "application/json"})
        return await self._patience.over(lambda: self._http.request(method, path, content=content, headers=headers))


def _authorised(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}

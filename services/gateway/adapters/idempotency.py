"""Writes under an `Idempotency-Key`: sent again, for whatever reason, they are done once and answered the same.

The pages' forms are such writes too, under the word that each carries.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime

import asyncpg
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plateward.kernel.problems import Problem
from services.gateway.adapters.body_limit import brings_a_list
from services.gateway.adapters.callers import SESSION_COOKIE, gateway_of, token_of
from services.gateway.adapters.fences import CHANGING
from services.gateway.adapters.pages.form_once import is_form, word_in
from services.gateway.adapters.stores.answers import AnswerStore, KeptAnswer, Write
from services.gateway.adapters.stores.one_transaction import OneTransaction
from services.gateway.people import Session
from services.gateway.sign_in import NoPolicyInForce

KEY = re.compile(r"[!-~]{16,200}")

KEY_RULE = "must be 16 to 200 visible ASCII characters without spaces, such as a random UUID"

LOOKS = ("/v1/searches", "/v1/explanations", "/v1/sessions", "/v1/partner/")
"""Where a POST is no write that could be done once: a question is an access of its own each time that it is asked,
and a token is given out once. Machines' questions have a number of their own, by which each is one."""

REPLAYED = {"Idempotent-Replayed": "true"}

REFUSED, SERVER_FAILED = 400, 500


def takes_keys(method: str, path: str) -> bool:
    """Whether this is a write of the API that may be sent under a key."""
    # A list's file is known by its digest, and taken once by that; under a key it would be held in memory.
    brings = brings_a_list(path)
    return method in CHANGING and path.startswith("/v1/") and not path.startswith(LOOKS) and not brings


class Idempotency:
    """ASGI middleware. A write under a key is one transaction of the database with the answer that is kept of it."""

    def __init__(self, app: ASGIApp, pool: asyncpg.Pool, now: Callable[[], datetime]) -> None:
        self._app, self._pool, self._now, self._answers = app, pool, now, AnswerStore(pool)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Does the write, or gives the answer that it had; 409 while it is being done, 422 when it is another."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif takes_keys(scope["method"], scope["path"]):
            await self._of_the_api(scope, receive, send)
        elif is_form(scope["method"], scope["path"]):
            await self._of_a_page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _of_the_api(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        key, token = request.headers.get("idempotency-key"), token_of(request)
        session = await _session(request, token) if key is not None and token else None
        if key is None or session is None:  # the door itself says why
            await self._app(scope, receive, send)
            return
        if not KEY.fullmatch(key):
            answer: Response = _refusal("This is no key", KEY_RULE)
        else:
            route = f"{scope['method']} {scope['path']}"
            sent = f"{request.url.query}\n".encode() + await request.body()
            answer = await self._done_once(scope, Write(session.person.id, route, key, sent), await request.body())
        await answer(scope, receive, send)

    async def _of_a_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body, token = await request.body(), request.cookies.get(SESSION_COOKIE)
        word = word_in(scope["path"], body)
        session = await _session(request, token) if word is not None and token else None
        if word is None or session is None or not KEY.fullmatch(word):
            await self._app(scope, _again_from(body, receive), send)
            return
        # Who goes back to a form and changes it sends the same word with another body: that is another write.
        route = f"{scope['method']} {scope['path']} {hashlib.sha256(body).hexdigest()}"
        answer = await self._done_once(scope, Write(session.person.id, route, word, body), body, patient=True)
        await answer(scope, receive, send)

    async def _done_once(self, scope: Scope, write: Write, body: bytes, *, patient: bool = False) -> Response:
        """`patient` is whether to wait for whoever does the same just now: a browser shows the last answer alone."""
        async with self._pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            status = SERVER_FAILED
            try:
                if not await self._answers.begin(connection, write, patient=patient):
                    return _being_done()
                kept = await self._answers.kept(connection, write, self._now())
                if kept is not None:
                    return _again(write, *kept)
                async with OneTransaction(connection).joined():
                    answer = await _answer_of(self._app, scope, body)
                if answer.status < REFUSED:
                    await self._answers.keep(connection, write, answer, self._now())
                status = answer.status
                return _response(answer)
            finally:
                await (transaction.commit() if status < SERVER_FAILED else transaction.rollback())


async def _session(request: Request, token: str) -> Session | None:
    try:
        return await gateway_of(request).sign_in.session(token)
    except NoPolicyInForce:
        return None


async def _answer_of(app: ASGIApp, scope: Scope, body: bytes) -> KeptAnswer:
    """What the application answers, whole: it leaves only once it is kept."""
    status, headers, parts = SERVER_FAILED, list[tuple[bytes, bytes]](), list[bytes]()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message.get("headers", []))
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return KeptAnswer(status, headers, b"".join(parts))


def _again_from(body: bytes, receive: Receive) -> Receive:
    """What the application receives once the body has been read."""
    bodies = iter([body])

    async def received() -> Message:
        whole = next(bodies, None)
        return await receive() if whole is None else {"type": "http.request", "body": whole, "more_body": False}

    return received


def _response(answer: KeptAnswer, more: dict[str, str] | None = None) -> Response:
    response = Response(answer.body, answer.status, headers=more)
    response.raw_headers = [*answer.headers, *(one for one in response.raw_headers if one[0] != b"content-length")]
    return response


def _again(write: Write, request_digest: bytes, sealed: bytes) -> Response:
    if not hmac.compare_digest(request_digest, write.request_digest):
        return _refusal("This key was used for another request", "must be a new one for each write")
    return _response(write.open(sealed), REPLAYED)


def _refusal(title: str, rule: str) -> Response:
    return Problem(422, title, errors=[{"field": "Idempotency-Key", "rule": rule}]).response()


def _being_done() -> Response:
    detail = "The same write is being done at this moment. Sent again in a while, it is answered as it was done."
    return Problem(409, "This is being done", detail, headers={"Retry-After": "1"}).response()

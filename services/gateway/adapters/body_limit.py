"""How much a request may bring: what is larger is refused by its announced length, or once it is."""

import re

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plateward.kernel.problems import Problem

_LIST_FILE = re.compile(r"(/v1)?/lists/[^/]+/file")


class TooLarge(HTTPException):
    """A body of more bytes than are taken."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(413, f"A request may bring at most {bytes_max} bytes")


class BodyLimit:
    """ASGI middleware that counts what comes in."""

    def __init__(self, app: ASGIApp, bytes_max: int, list_bytes_max: int) -> None:
        self._app, self._bytes_max, self._list_bytes_max = app, bytes_max, list_bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 413 to a body that is too large, before it is all read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bytes_max = self._list_bytes_max if brings_a_list(scope["path"]) else self._bytes_max
        taken, too_large = 0, TooLarge(bytes_max)

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > bytes_max:
                raise too_large
            return message

        if self._announced(scope) > bytes_max:
            await _answer(too_large)(scope, receive, send)
            return
        try:
            await self._app(scope, counted, send)
        except TooLarge:  # read by a fence; what the application reads, it answers for by itself
            await _answer(too_large)(scope, receive, send)

    def _announced(self, scope: Scope) -> int:
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def brings_a_list(path: str) -> bool:
    """Whether a whole list comes this way, to be written to the disk as it comes and never held in memory."""
    return _LIST_FILE.fullmatch(path) is not None


def _answer(too_large: TooLarge) -> ASGIApp:
    # The rest of the body is not read, so the connection can carry no further request.
    return Problem(413, too_large.detail, headers={"Connection": "close"}).response()

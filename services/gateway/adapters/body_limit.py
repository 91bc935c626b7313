"""How much a request may bring: what is larger is refused by its announced length, or once it is."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plateward.kernel.problems import Problem


class TooLarge(HTTPException):
    """A body of more bytes than are taken."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(413, f"A request may bring at most {bytes_max} bytes")


class BodyLimit:
    """ASGI middleware that counts what comes in."""

    def __init__(self, app: ASGIApp, bytes_max: int) -> None:
        self._app, self._bytes_max = app, bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 413 to a body that is too large, before it is all read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken, too_large = 0, TooLarge(self._bytes_max)

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._bytes_max:
                raise too_large
            return message

        if self._announced(scope) > self._bytes_max:
            await _answer(too_large)(scope, receive, send)
            return
        try:
            await self._app(scope, counted, send)
        except TooLarge:  # read by a fence; what the application reads, it answers for by itself
            await _answer(too_large)(scope, receive, send)

    def _announced(self, scope: Scope) -> int:
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def _answer(too_large: TooLarge) -> ASGIApp:
    # The rest of the body is not read, so the connection can carry no further request.
    return Problem(413, too_large.detail, headers={"Connection": "close"}).response()

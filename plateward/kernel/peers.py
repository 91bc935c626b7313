"""Who really connected: kept beside a request before anything believes what a proxy says of whom it asks for."""

from starlette.types import ASGIApp, Receive, Scope, Send

PEER = "plateward.peer"
"""Where a request's scope keeps the address, as `client` is kept."""


class KeepPeer:
    """ASGI middleware around whatever believes in `X-Forwarded-For`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Notes who connected."""
        if scope["type"] == "http":
            scope[PEER] = scope.get("client")
        await self._app(scope, receive, send)

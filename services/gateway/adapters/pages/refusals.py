"""What stands before the doors refuses programs by problem details, and people by a page that they can read."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plateward.kernel.problems import PROBLEM_JSON
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.adapters.pages.frame import NOT_FOUND, Frame
from services.gateway.gateway import Gateway
from services.gateway.people import Session
from services.gateway.sign_in import NoPolicyInForce

PROGRAMS = ("/v1/", "/oauth/", "/.well-known/", "/static/")
"""Where no page is asked for, whatever the one who asks says that they can read."""

SERVER_FAILED = 500

ADVICE: Mapping[int, str] = {
    413: "Nothing was done. Go back, shorten what you have written, and send it again.",
    429: "Nothing was shown or changed.",
    500: "Whoever runs the platform finds it in the log. Try again; what was not done may be done then.",
}
NO_MORE = "Nothing was shown or changed. Go back, and try again."


class PageRefusals:
    """ASGI middleware around everything: a problem for a browser becomes a page, of the same status and headers."""

    def __init__(self, app: ASGIApp, gateway: Gateway) -> None:
        self._app, self._gateway, self._frame = app, gateway, Frame(gateway)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does; of a refusal to a browser it makes a page."""
        if scope["type"] != "http" or not _is_for_a_person(Request(scope)):
            await self._app(scope, receive, send)
            return
        refused: Message | None = None
        problem = b""

        async def readable(message: Message) -> None:
            nonlocal refused, problem
            if message["type"] == "http.response.start" and _is_problem(message):
                refused = message
            elif refused is None:
                await send(message)
            else:
                problem += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._show(Request(scope), refused, json.loads(problem), send)

        await self._app(scope, receive, readable)

    async def _show(self, request: Request, refused: Message, problem: dict[str, Any], send: Send) -> None:
        status: int = refused["status"]
        session = await self._session(request) if status < SERVER_FAILED else None
        title, detail, advice = _in_words(status, problem)
        page = self._frame.page(
            request, "error.html", session, status=status, title=title, detail=detail, advice=advice
        )
        own = {name for name, _ in page.raw_headers}
        kept = [one for one in refused["headers"] if one[0].lower() not in own]
        await send({"type": "http.response.start", "status": status, "headers": [*kept, *page.raw_headers]})
        await send({"type": "http.response.body", "body": page.body})

    async def _session(self, request: Request) -> Session | None:
        token = request.cookies.get(SESSION_COOKIE)
        try:
            return await self._gateway.sign_in.session(token, moving=False) if token else None
        except NoPolicyInForce:
            return None


def _is_for_a_person(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(PROGRAMS)


def _is_problem(start: Message) -> bool:
    return Headers(raw=start.get("headers", [])).get("content-type", "").startswith(PROBLEM_JSON)


def _in_words(status: int, problem: dict[str, Any]) -> tuple[str, str, str]:
    if status == 404:
        return NOT_FOUND
    rules = [f"{error['field']} {error['rule']}" for error in problem.get("errors", [])]
    detail = problem.get("detail") or "; ".join(rules) or "This could not be done."
    return problem["title"], detail, ADVICE.get(status, NO_MORE)

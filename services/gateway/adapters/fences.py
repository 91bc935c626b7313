"""What all responses and changing requests are held to: security headers, and nothing forged by other sites."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plateward.kernel.problems import OUT_OF_FORM, Problem
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.writing import UNSEEN_RULE, holds_unseen

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Fences:
    """ASGI middleware around the whole application; it leaves streams as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 403 to what another site forged, and adds the headers to everything.

        An error that nobody has answered is answered here: further out, the answer would go without the headers.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, begun = Request(scope), False

        async def fenced(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if not request.scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = _refusal(request)
        if refusal is not None:
            await refusal.response()(scope, receive, fenced)
            return
        try:
            await self._app(scope, receive, fenced)
        except Exception:
            if not begun:
                await Problem(500, "Something went wrong in here").response()(scope, receive, fenced)
            raise  # to the log


def _refusal(request: Request) -> Problem | None:
    if request.method in CHANGING and forged(request):
        return Problem(403, "This request comes from another site")
    if holds_unseen(request.scope["path"]):  # no id has such characters, and no store has to find that out
        return Problem(404, "Not Found")
    unseen = [{"field": f"query.{name}", "rule": UNSEEN_RULE} for name in _unseen_parameters(request)]
    return Problem(422, OUT_OF_FORM, errors=unseen) if unseen else None


def forged(request: Request) -> bool:
    """Whether another site may have sent this request: a browser says so, or it has a cookie and does not say.

    Browsers send one of the two headers with everything that changes something; programs send neither, and no cookie.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return SESSION_COOKIE in request.cookies and "authorization" not in request.headers
    return origin != f"{request.url.scheme}://{request.headers.get('host', '')}"


def _unseen_parameters(request: Request) -> list[str]:
    return [
        "(name)" if holds_unseen(name) else name
        for name, value in request.query_params.multi_items()
        if holds_unseen(name + value)
    ]

"""What all responses and changing requests are held to: security headers, and nothing forged by other sites."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plateward.kernel.problems import Problem

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
                if not request.url.path.startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if request.method in CHANGING and forged(request):
            refusal = Problem(403, "This request comes from another site").response()
            await refusal(scope, receive, fenced)
            return
        try:
            await self._app(scope, receive, fenced)
        except Exception:
            if not begun:
                await Problem(500, "Something went wrong in here").response()(scope, receive, fenced)
            raise  # to the log


def forged(request: Request) -> bool:
    """Whether a browser says that another site has sent this request (programs send neither header)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and origin != f"{request.url.scheme}://{request.headers.get('host', '')}"

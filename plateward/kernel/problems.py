"""Errors over HTTP as problem details (RFC 9457): each names the field and the rule."""

from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

PROBLEM_JSON = "application/problem+json"

OUT_OF_FORM = "The request does not keep to its form"
"""The title of what breaks the interface's description, as against a rule of an agency."""


class Problem(Exception):
    """An answer that says what is wrong. `title` is for the kind of problem, `detail` for this one."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str | None = None,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or title)
        self.status, self.title, self.detail = status, title, detail
        self.errors, self.headers = errors, headers

    def response(self) -> JSONResponse:
        """The problem as a response of the type application/problem+json."""
        body: dict[str, object] = {"type": "about:blank", "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = [dict(error) for error in self.errors]
        return JSONResponse(body, self.status, headers=self.headers, media_type=PROBLEM_JSON)


def answer_problems(app: FastAPI) -> None:
    """Has the application answer every error as problem details."""

    @app.exception_handler(Problem)
    async def _problem(_: Request, problem: Problem) -> JSONResponse:
        return problem.response()

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(sorted(_methods(app, request.url.path)))
        return Problem(error.status_code, str(error.detail), headers=headers).response()

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        if _of_another_type(request, error):
            rule = "must be application/json"
            errors = [{"field": "Content-Type", "rule": rule}]
            return Problem(415, "The body is of a type that is not taken here", errors=errors).response()
        # The values stay out: they may be plates or reasons, and the one who sent them has them.
        errors = [
            {"field": _writable(one["loc"]), "rule": one["msg"].removeprefix("Value error, ")} for one in error.errors()
        ]
        return Problem(422, OUT_OF_FORM, errors=errors).response()

    @app.exception_handler(Exception)
    async def _failure(_: Request, __: Exception) -> JSONResponse:
        # What went wrong inside is for the log, where the server writes it, and for nobody outside.
        return Problem(500, "Internal Server Error").response()


def _methods(app: FastAPI, path: str) -> set[str]:
    """What can be asked of this path: several routes may share it, and each knows only its own methods."""
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        if route.path is not None and route.methods and compile_path(route.path)[0].match(path):
            found |= set(route.methods)
    return found


def _of_another_type(request: Request, error: RequestValidationError) -> bool:
    """Whether the body as a whole was not understood because it is not JSON (RFC 9110, 15.5.16)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = media_type == "application/json" or media_type.endswith("+json")
    whole = any(one["loc"] == ("body",) and one["type"] != "missing" for one in error.errors())
    return whole and not is_json


def _writable(place: Sequence[object]) -> str:
    # A field that is not known has the sender's own name, which may be no text that UTF-8 can hold.
    return ".".join(str(part) for part in place).encode(errors="backslashreplace").decode()

"""Errors over HTTP as problem details (RFC 9457): each names the field and the rule."""

from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

PROBLEM_JSON = "application/problem+json"


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
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        return Problem(error.status_code, str(error.detail), headers=error.headers).response()

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        # The values stay out: they may be plates or reasons, and the one who sent them has them.
        errors = [{"field": ".".join(str(part) for part in e["loc"]), "rule": str(e["msg"])} for e in error.errors()]
        return Problem(422, "The request does not keep to its form", errors=errors).response()

    @app.exception_handler(Exception)
    async def _failure(_: Request, __: Exception) -> JSONResponse:
        # What went wrong inside is for the log, where the server writes it, and for nobody outside.
        return Problem(500, "Internal Server Error").response()

"""The API's description of itself (OpenAPI 3.1): what every operation shares is added to what each says."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from plateward.kernel.openapi import PROBLEM_NAME, PROBLEM_SCHEMA, RETRY_AFTER, problem_answer
from services.gateway.adapters.callers import SESSION_COOKIE
from services.gateway.adapters.idempotency import KEY_RULE, takes_keys

SECURITY_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "The token that signing in gives."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "The pages' session."},
    "machine": {
        "type": "oauth2",
        "description": "A partner's machine: /.well-known/oauth-authorization-server says how it shows who it is.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/oauth/token",
                "scopes": {"reads.search": "Search reads.", "hits.subscribe": "Get hits as they come."},
            }
        },
    },
}

OF_MACHINES = "/v1/partner/"
"""How the paths begin that are for machines' tokens, and for no session of a person."""

WITHOUT_SESSION = frozenset(
    {
        ("POST", "/v1/sessions"),
        ("POST", "/v1/sessions/invitations"),
        ("POST", "/v1/sessions/codes"),
        ("GET", "/v1/transparency/{agency_id}"),
    }
)
"""What is asked without a session. Its 401 means that nobody was let in."""

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": f"Sent again under the same key within a day, this is done once. It {KEY_RULE}.",
    "schema": {"type": "string", "pattern": "^[!-~]{16,200}$"},
}

OF_ALL = {
    403: problem_answer("The policy of your agency gives your title no right to this, or another site asked."),
    429: problem_answer("Asked too often.", headers=RETRY_AFTER),
    503: problem_answer("The access log does not answer, and without it nobody gets an answer.", headers=RETRY_AFTER),
}
SIGN_IN_FIRST = problem_answer("Nobody is signed in.")
NOT_THERE = problem_answer("There is no such thing, or it is not your agency's.")
BEING_DONE = problem_answer("The same write is being done just now, or what it asks for stands against what is.")
NOT_READABLE = problem_answer("The body is not in UTF-8.")
TOO_LARGE = problem_answer("The request is too large.")
NOT_JSON = problem_answer("The body is no JSON.")
NOT_IN_ORDER = problem_answer("A field breaks a rule: both are named.")


def describe(app: FastAPI) -> None:
    """Has the application describe itself in full, with the operations of whatever routes it has by then."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way (its manual, Extending OpenAPI)


def described(app: FastAPI) -> dict[str, Any]:
    """The description of the application's API."""
    document = get_openapi(title=app.title, version=app.version, openapi_version="3.1.0", routes=app.routes)
    components = document.setdefault("components", {})
    components["securitySchemes"] = SECURITY_SCHEMES
    schemas = components.setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas[PROBLEM_NAME] = PROBLEM_SCHEMA
    for method, path, operation in _operations(document):
        _complete(method, path, operation)
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def _complete(method: str, path: str, operation: dict[str, Any]) -> None:
    parameters = operation.setdefault("parameters", [])
    answers = dict(OF_ALL)
    operation["security"] = _security(method, path)
    answers[401] = SIGN_IN_FIRST
    if takes_keys(method, path):
        parameters.append(IDEMPOTENCY_KEY)
        answers[409] = BEING_DONE
    if "{" in path:
        answers[404] = NOT_THERE
    if "requestBody" in operation:
        answers |= {400: NOT_READABLE, 413: TOO_LARGE, 415: NOT_JSON}
    if "requestBody" in operation or parameters:
        answers[422] = NOT_IN_ORDER
    responses = operation["responses"]
    responses.pop("422", None)  # FastAPI's own, which is no problem document
    for status, answer in answers.items():
        responses.setdefault(str(status), answer)


def _security(method: str, path: str) -> list[dict[str, list[str]]]:
    if path.startswith(OF_MACHINES):
        return [{"machine": []}]
    return [] if (method, path) in WITHOUT_SESSION else [{"token": []}, {"cookie": []}]

"""How schemathesis signs in, what it knows of what there is, and what else it checks. Loaded by SCHEMATHESIS_HOOKS.

It runs in a process of its own; the test tells it what it needs in PLATEWARD_TRIED, as JSON.
"""

import json
import os
import re
from typing import Any

import httpx
import schemathesis
from schemathesis import AuthContext, Case, CheckContext, HookContext, Response

from plateward.kernel.problems import OUT_OF_FORM

TRIED = json.loads(os.environ["PLATEWARD_TRIED"])
"""`sign_in` (where, and with what body) or a `key`, `values` of parameters by name, `bodies` by method and path."""

LIMIT_OF_TIME = re.compile(r"than (or equal to )?\d{4}-\d\d-\d\dT")
"""JSON Schema knows no earliest and no latest time."""

SIGN_OUT = "/v1/sessions/current"


class _Carried:
    def get(self, _: Case[Any], __: AuthContext) -> str:
        """The token, which a key is as it is."""
        key: str = TRIED["key"]
        return key

    def set(self, case: Case[Any], data: str, _: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


class _Session(_Carried):
    def get(self, _: Case[Any], __: AuthContext) -> str:
        token: str = (
            httpx.post(TRIED["sign_in"]["url"], json=TRIED["sign_in"]["body"]).raise_for_status().json()["token"]
        )
        return token


if "key" in TRIED:
    schemathesis.auth(refresh_interval=None)(_Carried)
if "sign_in" in TRIED:
    # One for all that does not end it, and one for each time that it is ended.
    schemathesis.auth(refresh_interval=3600).skip_for(path=SIGN_OUT)(_Session)
    schemathesis.auth(refresh_interval=None).apply_to(path=SIGN_OUT)(_Session)


@schemathesis.hook
def before_load_schema(_: HookContext, raw_schema: dict[str, Any]) -> None:
    """Gives the description examples of what there is, so that what is allowed is also found."""
    for path, operations in raw_schema["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in TRIED.get("values", {}):
                    parameter["example"] = TRIED["values"][parameter["name"]]
            body = TRIED.get("bodies", {}).get(f"{method.upper()} {path}")
            if body is not None:
                operation["requestBody"]["content"]["application/json"]["example"] = body


@schemathesis.check
def in_form(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """What keeps to the description may be refused for a rule of the agency, but not for its form."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    problem = response.json()
    stricter = [one for one in problem["errors"] if not LIMIT_OF_TIME.search(one["rule"])]
    assert problem["title"] != OUT_OF_FORM or not stricter, f"the description allows this: {stricter}"

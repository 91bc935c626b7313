"""The token endpoint for machine clients (RFC 6749 §4.4, RFC 7523, RFC 8705), and what it says of itself (RFC 8414)."""

from typing import Any, get_args
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from plateward.contracts.partners import ClientScope
from services.gateway.adapters.callers import address_of, gateway_of
from services.gateway.adapters.machines import certificate_of
from services.gateway.partners.assertions import ClientRefused
from services.gateway.partners.tokens import Proof, UnknownScope

TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
FIELDS_AT_MOST = 20


class _Invalid(Exception):
    """A request for a token that is none; `error` is one of RFC 6749 §5.2."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


def oauth_routes(issuer: str) -> APIRouter:
    """The routes. They are described by their own metadata, and answer in OAuth's own form: not by problem details."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/.well-known/oauth-authorization-server")
    async def metadata() -> dict[str, Any]:
        return {
            "issuer": issuer,
            "token_endpoint": f"{issuer}{TOKEN_PATH}",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": list(get_args(ClientScope)),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["Ed25519", "EdDSA", "ES256"],
            "tls_client_certificate_bound_access_tokens": True,
        }

    @routes.post(TOKEN_PATH)
    async def token(request: Request) -> JSONResponse:
        try:
            given = await gateway_of(request).partner_tokens.give(_proof(request, await request.body()))
        except _Invalid as invalid:
            return _refused(400, invalid.error, invalid.description)
        except ClientRefused as refused:
            return _refused(401, "invalid_client", str(refused))
        except UnknownScope as unknown:
            return _refused(400, "invalid_scope", str(unknown))
        answer = {
            "access_token": given.secret,
            "token_type": "Bearer",
            "expires_in": int(given.lasts.total_seconds()),
            "scope": " ".join(given.scopes),
        }
        return JSONResponse(answer, headers={"Pragma": "no-cache"})

    return routes


def _proof(request: Request, body: bytes) -> Proof:
    form = _form(request, body)
    if "grant_type" not in form:
        raise _Invalid("invalid_request", "grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise _Invalid("unsupported_grant_type", "grant_type must be client_credentials")
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
        raise _Invalid("invalid_client", f"a client shows who it is by client_assertion, of the type {ASSERTION_TYPE}")
    return Proof(
        assertion=form["client_assertion"],
        client_id=form.get("client_id"),
        scopes=tuple(form.get("scope", "").split()),
        certificate_sha256=certificate_of(request),
        address=address_of(request),
    )


def _form(request: Request, body: bytes) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise _Invalid("invalid_request", f"the body must be {FORM}")
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
    except ValueError as error:
        raise _Invalid("invalid_request", "the body is no form in UTF-8") from error
    form = dict(fields)
    if len(form) != len(fields):
        raise _Invalid("invalid_request", "no parameter may come twice")
    return {name: value for name, value in form.items() if value}


def _refused(status: int, error: str, description: str) -> JSONResponse:
    # RFC 6749 §5.2: these texts hold neither quotes nor backslashes, and are ASCII.
    said = description.encode("ascii", "replace").decode().replace('"', "'").replace("\\", "/")
    return JSONResponse({"error": error, "error_description": said}, status, headers={"Pragma": "no-cache"})

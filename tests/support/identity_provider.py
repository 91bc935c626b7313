"""An OpenID Connect provider as a process of its own, by Authlib: `python -m tests.support.identity_provider PORT …`.

What it says of a person, and how its tokens are wrong, is posted to /says before they sign in.
"""

import sys
import time
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask, Response, request
from joserfc.jwk import KeySet, RSAKey

KEYS = KeySet([RSAKey.generate_key(2048, {"kid": "the-key", "use": "sig", "alg": "RS256"})])
OTHER_KEYS = KeySet([RSAKey.generate_key(2048, {"kid": "the-key", "use": "sig", "alg": "RS256"})])
SAYS: dict[str, Any] = {}
CODES: dict[str, "Code"] = {}


class Client:
    """The gateway, as it is registered here."""

    id_token_signed_response_alg = "RS256"

    def __init__(self, client_id: str, secret: str, redirect_uri: str) -> None:
        self.client_id, self.secret, self.redirect_uri = client_id, secret, redirect_uri

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, secret: str) -> bool:
        return secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code:
    """A code that was given out."""

    def __init__(self, user: str, payload: Any) -> None:
        self.user, self.redirect_uri, self.scope = user, payload.redirect_uri, payload.scope
        self.nonce: str | None = payload.data.get("nonce")
        self.code_challenge = payload.data.get("code_challenge")
        self.code_challenge_method = payload.data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> list[str]:
        return ["pwd"]


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """The code flow."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        CODES[code] = Code(request.user, request.payload)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        for code in [code for code, held in CODES.items() if held is authorization_code]:
            del CODES[code]

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class IdToken(OpenIDCode):  # type: ignore[misc]
    """What the token says, and what it was told to say wrongly."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def resolve_client_private_key(self, client: Client) -> KeySet:
        return OTHER_KEYS if SAYS.get("forged") else KEYS

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": ISSUER, "aud": [client.client_id]}

    def generate_user_info(self, user: str, scope: str) -> dict[str, Any]:
        said = {name: value for name, value in SAYS.items() if name != "forged"}
        return {"sub": user, "email": f"{user}@agency.example", "email_verified": True} | said


def application(client: Client) -> Flask:
    """The provider."""
    app = Flask(__name__)
    server = AuthorizationServer(
        app, query_client=lambda asked: client if asked == client.client_id else None, save_token=lambda *_: None
    )
    server.register_grant(CodeGrant, [IdToken(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }

    @app.get("/keys")
    def keys() -> Any:
        return KEYS.as_dict(private=False)

    @app.get("/authorize")
    def ask() -> str:
        server.get_consent_grant(end_user=None)
        return '<form method="post"><label>User <input name="login"></label><button>Log in</button></form>'

    @app.post("/authorize")
    def answer() -> Response:
        user = request.form["login"]
        grant = server.get_consent_grant(end_user=user)
        return server.create_authorization_response(grant_user=user, grant=grant)  # type: ignore[no-any-return]

    @app.post("/token")
    def token() -> Response:
        return server.create_token_response()  # type: ignore[no-any-return]

    @app.post("/says")
    def says() -> dict[str, Any]:
        SAYS.clear()
        SAYS.update(request.get_json())
        return SAYS

    return app


if __name__ == "__main__":
    import os

    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # on this machine's loopback
    port, client_id, secret, redirect_uri = sys.argv[1:]
    ISSUER = f"http://127.0.0.1:{port}"
    application(Client(client_id, secret, redirect_uri)).run("127.0.0.1", int(port))

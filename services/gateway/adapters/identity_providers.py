"""Agencies' identity providers over OpenID Connect: the code flow with PKCE, and every claim checked."""

import base64
import hashlib
import secrets
import ssl
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.gateway.adapters.stores.directory import Away, PostgresDirectory
from services.gateway.directory import Arrival, Departure
from services.gateway.settings import IdentityProvider
from services.gateway.sign_in import SignInRefused

log = structlog.get_logger()

AWAY_AT_MOST = timedelta(minutes=10)
SIGNED_WITH = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by a key that only the provider has: neither `none` nor a shared secret."""
CLOCKS_MAY_DIFFER_SECONDS = 60
ANSWER_WITHIN_SECONDS = 10.0
DOES_NOT_ANSWER = "your agency's identity provider does not answer as it should; try again, or use your password"
NOT_VOUCHED = "your agency's identity provider has not vouched for you; begin again"


class OpenIdProviders:
    """The providers that the settings name, an agency each."""

    def __init__(
        self,
        providers: Sequence[IdentityProvider],
        *,
        redirect_uri: str,
        away: PostgresDirectory,
        now: Callable[[], datetime],
    ) -> None:
        self._providers = {one.agency: one for one in providers}
        self._redirect_uri, self._away, self._now = redirect_uri, away, now

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies whose people can sign in this way."""
        return tuple(self._providers)

    async def departure(self, agency_id: str) -> Departure:
        """Sends somebody off; raises SignInRefused."""
        provider = self._provider(agency_id)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        async with _client() as http:
            found = await _discovered(http, provider)
        await self._away.leaves(state, Away(agency_id, nonce, verifier), self._now() + AWAY_AT_MOST)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return Departure(f"{found['authorization_endpoint']}?{urlencode(query)}", state)

    async def arrival(self, state: str, code: str) -> Arrival:
        """Checks what somebody has come back with; raises SignInRefused."""
        away = await self._away.comes_back(state, self._now())
        if away is None:
            raise SignInRefused(NOT_VOUCHED)
        provider = self._provider(away.agency_id)
        async with _client() as http:
            found = await _discovered(http, provider)
            token = await self._exchanged(http, provider, found, code, away.verifier)
            keys = _keys(_json(await _answered(http.get(found["jwks_uri"]))))
        claims = _checked(token, keys, provider, away.nonce, self._now())
        amr = claims.get("amr", [])
        strong = isinstance(amr, list) and any(one in amr for one in provider.second_factor_amr)
        return Arrival(away.agency_id, _name_of(claims, provider), strong)

    async def _exchanged(
        self, http: httpx.AsyncClient, provider: IdentityProvider, found: dict[str, Any], code: str, verifier: str
    ) -> str:
        """The ID token for this code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        client = (provider.client_id, provider.client_secret.get_secret_value())
        answer = await _answered(http.post(found["token_endpoint"], data=form, auth=client))
        if answer.is_client_error:
            raise SignInRefused(NOT_VOUCHED)
        return str(_json(answer).get("id_token", ""))

    def _provider(self, agency_id: str) -> IdentityProvider:
        if agency_id not in self._providers:
            raise SignInRefused("this agency has no identity provider here")
        return self._providers[agency_id]


async def _discovered(http: httpx.AsyncClient, provider: IdentityProvider) -> dict[str, Any]:
    """What the provider says of itself; it must be the issuer that the settings name."""
    answer = _json(await _answered(http.get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")))
    if answer.get("issuer") != provider.issuer:
        log.warning("identity_provider_is_another", agency=provider.agency, issuer=provider.issuer)
        raise SignInRefused(DOES_NOT_ANSWER)
    return answer


async def _answered(asking: Awaitable[httpx.Response]) -> httpx.Response:
    try:
        return await asking
    except httpx.HTTPError as error:
        raise SignInRefused(DOES_NOT_ANSWER) from error


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise SignInRefused(DOES_NOT_ANSWER) from error
    if not isinstance(document, dict):
        raise SignInRefused(DOES_NOT_ANSWER)
    return document


def _keys(document: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set({"keys": document["keys"]})
    except (JoseError, KeyError, ValueError) as error:
        raise SignInRefused(DOES_NOT_ANSWER) from error


def _checked(token: str, keys: KeySet, provider: IdentityProvider, nonce: str, at: datetime) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce are right (OIDC Core 3.1.3.7)."""
    registry = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=CLOCKS_MAY_DIFFER_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=SIGNED_WITH).claims
        registry.validate(claims)
    except (JoseError, ValueError) as error:
        log.warning("id_token_refused", agency=provider.agency, why=type(error).__name__)
        raise SignInRefused(NOT_VOUCHED) from error
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise SignInRefused(NOT_VOUCHED)
    return claims


def _name_of(claims: dict[str, Any], provider: IdentityProvider) -> str:
    """What names the person; an address only where the provider has verified it."""
    name = claims.get(provider.claim)
    if not isinstance(name, str) or not name or "\0" in name:
        raise SignInRefused(NOT_VOUCHED)
    if provider.claim == "email" and claims.get("email_verified") is not True:
        raise SignInRefused("your agency's identity provider has not verified your address")
    return name


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=ANSWER_WITHIN_SECONDS, follow_redirects=False, verify=_certificates())


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust, read once: it takes a twentieth of a second, in which nobody else is answered."""
    return httpx.create_ssl_context()

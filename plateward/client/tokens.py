"""The client's token: had by what only its key can sign, and renewed before it ends (RFC 6749 §4.4, RFC 7523)."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import msgspec

from plateward.client.errors import TokenRefused, refusal
from plateward.client.keys import ClientKey
from plateward.client.patience import MAY_BE_RETRIED, Patience

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

RENEWED_BEFORE = timedelta(seconds=30)
"""So long before its end a token is asked for anew."""


class _Token(msgspec.Struct):
    access_token: str
    expires_in: int


class _OAuthError(msgspec.Struct):
    error: str = "invalid_response"
    error_description: str = ""


class Tokens:
    """The token of one client at one gateway."""

    def __init__(
        self, http: httpx.AsyncClient, client_id: str, key: ClientKey, audience: str, patience: Patience
    ) -> None:
        self._http, self._client_id, self._key = http, client_id, key
        self._audience, self._patience = audience, patience
        self._token, self._until = "", datetime.min.replace(tzinfo=UTC)
        self._renewing = asyncio.Lock()

    async def current(self) -> str:
        """The token; raises TokenRefused, Refused, Unreachable."""
        async with self._renewing:
            if not self._token or datetime.now(UTC) >= self._until:
                await self._renew()
            return self._token

    def forget(self, token: str) -> None:
        """The gateway takes this one no longer."""
        if token == self._token:
            self._token = ""

    async def _renew(self) -> None:
        answer = await self._patience.over(self._ask)
        if not answer.is_success:
            raise refusal(answer) if answer.status_code in MAY_BE_RETRIED else _token_refused(answer)
        try:
            token = msgspec.json.decode(answer.content, type=_Token)
        except msgspec.DecodeError as error:
            raise TokenRefused("invalid_response", str(error)) from error
        self._token = token.access_token
        self._until = datetime.now(UTC) + timedelta(seconds=token.expires_in) - RENEWED_BEFORE

    async def _ask(self) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_assertion_type": ASSERTION_TYPE,
            # Anew for each try: the gateway takes each once.
            "client_assertion": self._key.assertion(self._client_id, self._audience, datetime.now(UTC)),
        }
        return await self._http.post("/oauth/token", data=form)


def _token_refused(answer: httpx.Response) -> TokenRefused:
    try:
        said = msgspec.json.decode(answer.content, type=_OAuthError)
    except msgspec.DecodeError:
        said = _OAuthError(error_description=f"the gateway answered {answer.status_code}")
    return TokenRefused(said.error, said.error_description)

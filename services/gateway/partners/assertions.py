"""What a client proves itself by: a statement that it has signed, for us alone, for a short while, once (RFC 7523).

Pure: that it is used once is for the store.
"""

import base64
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from services.gateway.partners.clients import MachineClient
from services.gateway.partners.keys import NotSigned, payload_signed

LASTS_AT_MOST = timedelta(minutes=5)
CLOCKS_MAY_DIFFER = timedelta(seconds=30)


class ClientRefused(Exception):
    """The client has not shown who it is; says why, in words for whoever runs it."""


class Claims(msgspec.Struct, frozen=True):
    """What an assertion says."""

    iss: str
    sub: str
    aud: str | tuple[str, ...]
    exp: int
    jti: Annotated[str, msgspec.Meta(min_length=8, max_length=200)]
    nbf: int = 0
    iat: int = 0

    @property
    def audience(self) -> tuple[str, ...]:
        """For whom it is."""
        return (self.aud,) if isinstance(self.aud, str) else self.aud


def client_named(assertion: str) -> str:
    """Of whom an assertion says that it is, before anything of it is believed; raises ClientRefused."""
    try:
        return msgspec.json.decode(_payload(assertion), type=Claims).sub
    except (ValueError, msgspec.DecodeError) as error:
        raise ClientRefused("the assertion is no JWT with iss, sub, aud, exp and jti") from error


def claims_proved(assertion: str, client: MachineClient, audiences: Iterable[str], at: datetime) -> Claims:
    """What the assertion says, once it is the client's own, for us, and of now; raises ClientRefused."""
    try:
        claims = msgspec.json.decode(payload_signed(assertion, client.keys), type=Claims)
    except (NotSigned, msgspec.DecodeError) as error:
        raise ClientRefused(f"the assertion: {error}") from error
    if (claims.iss, claims.sub) != (client.client_id, client.client_id):
        raise ClientRefused("iss and sub must both be the client's id")
    # For us alone: what is for several could be taken from one of them to another.
    if len(claims.audience) != 1 or claims.audience[0] not in audiences:
        raise ClientRefused("aud must be this gateway's issuer, or its token endpoint, and nothing else")
    ends_in = claims.exp - at.timestamp()
    if ends_in < -CLOCKS_MAY_DIFFER.total_seconds():
        raise ClientRefused("the assertion has expired")
    if ends_in > (LASTS_AT_MOST + CLOCKS_MAY_DIFFER).total_seconds():
        raise ClientRefused(f"exp lies further ahead than {LASTS_AT_MOST // timedelta(minutes=1)} minutes")
    if max(claims.nbf, claims.iat) > at.timestamp() + CLOCKS_MAY_DIFFER.total_seconds():
        raise ClientRefused("the assertion is not good yet")
    return claims


def _payload(assertion: str) -> bytes:
    _, middle, _ = assertion.split(".")
    return base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))

"""Tokens for machines: given for a proof that is good once, kept as hashes, worth nothing without their certificate."""

import hmac
import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from plateward.contracts.access import Action, Reason
from plateward.contracts.partners import ClientScope
from services.gateway.access import AccessGate, Inquiry
from services.gateway.partners.assertions import CLOCKS_MAY_DIFFER, ClientRefused, claims_proved, client_named
from services.gateway.partners.clients import MachineClient
from services.gateway.partners.machines import Machine
from services.gateway.sign_in import sha256

log = structlog.get_logger()

TOKEN_LASTS = timedelta(minutes=10)

SHOWING_WHO_IT_IS = Reason(purpose="accounts", form="duty", values={"duty": "a machine client shows who it is"})
"""The standing reason of a machine that signs in, and of one that fails to."""

UNKNOWN = "the client is not known here, or has been ended"
NO_CERTIFICATE = "the client speaks TLS without the certificate that is on file for it"


class UnknownScope(Exception):
    """A scope is asked for that the client has not."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a client brings to be known by."""

    assertion: str
    client_id: str | None
    """What the request calls it, where it does."""
    scopes: tuple[str, ...]
    certificate_sha256: str | None
    """Of the certificate by which the edge says that it spoke TLS."""
    address: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just given, which is shown once."""

    secret: str
    scopes: tuple[ClientScope, ...]
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token as it is kept."""

    public_id: uuid.UUID
    client: MachineClient
    scopes: tuple[ClientScope, ...]
    ends_at: datetime


class TokenStore(Protocol):
    """Where clients, their used assertions and their tokens are."""

    async def client(self, client_id: str) -> MachineClient | None:
        """The client, living or ended."""

    async def use_once(self, client_id: str, jti: str, until: datetime) -> bool:
        """Notes that the assertion is used, for good; False when it has been before."""

    async def keep_token(self, secret_sha256: bytes, token: KeptToken) -> None:
        """Keeps a token by the hash of its secret."""

    async def token(self, secret_sha256: bytes, at: datetime) -> KeptToken | None:
        """The token with this secret, unless it is over."""


class Tokens:
    """Gives tokens to machine clients, and knows them again."""

    def __init__(
        self, *, gate: AccessGate, store: TokenStore, audiences: Sequence[str], now: Callable[[], datetime]
    ) -> None:
        """`audiences` are this gateway's own names: its issuer, and its token endpoint."""
        self._gate, self._store, self._audiences, self._now = gate, store, audiences, now

    async def give(self, proof: Proof) -> NewToken:
        """A token for who has proved to be the client; raises ClientRefused, UnknownScope, NotRecorded."""
        client_id = client_named(proof.assertion)
        client = await self._store.client(client_id)
        if client is None:
            log.warning("partner_client_unknown", address=proof.address)
            raise ClientRefused(UNKNOWN)
        try:
            await self._prove(client, proof)
        except ClientRefused as refused:
            await self.record_refusal(client, str(refused), proof.address)
            raise
        scopes = _scopes(client, proof.scopes)
        secret, at = secrets.token_urlsafe(32), self._now()
        token = KeptToken(uuid.uuid4(), client, scopes, at + TOKEN_LASTS)
        async with self._gate.look(self._inquiry(token, "give-token", {"scopes": " ".join(scopes)}, proof.address)):
            await self._store.keep_token(sha256(secret), token)
        return NewToken(secret, scopes, TOKEN_LASTS)

    async def machine(self, secret: str, certificate_sha256: str | None, address: str) -> Machine | None:
        """The machine whose token this is, if it lives and so does its client; raises NotRecorded.

        A token that comes without the certificate of its client has been taken from it: that is put on record.
        """
        token = await self._store.token(sha256(secret), self._now())
        if token is None or token.client.ended is not None:
            return None
        if not _has_its_certificate(token.client, certificate_sha256):
            await self.record_refusal(token.client, f"a token: {NO_CERTIFICATE}", address)
            return None
        return Machine(token.client, token.public_id, token.scopes, token.ends_at - TOKEN_LASTS)

    async def record_refusal(self, client: MachineClient, why: str, address: str) -> None:
        """Puts on record that somebody who is not the client, or says something untrue, has asked in its name."""
        outside = KeptToken(uuid.UUID(int=0), client, (), self._now())
        log.warning("partner_client_refused", client=client.client_id, why=why, address=address)
        async with self._gate.look(self._inquiry(outside, "refuse-client", {"why": why}, address)) as look:
            look.results = 1

    async def _prove(self, client: MachineClient, proof: Proof) -> None:
        if proof.client_id not in (None, client.client_id):
            raise ClientRefused("client_id and the assertion's sub are two clients")
        claims = claims_proved(proof.assertion, client, self._audiences, self._now())
        if not _has_its_certificate(client, proof.certificate_sha256):
            raise ClientRefused(NO_CERTIFICATE)
        until = datetime.fromtimestamp(claims.exp, UTC) + CLOCKS_MAY_DIFFER
        if not await self._store.use_once(client.client_id, claims.jti, until):
            raise ClientRefused("the assertion has been used before: each is good once")
        # Last: only who has the key is told that the client has ended.
        if client.ended is not None:
            raise ClientRefused("the client has been ended")

    def _inquiry(self, token: KeptToken, action: Action, query: dict[str, str], address: str) -> Inquiry:
        client = token.client
        session = Machine(client, token.public_id, token.scopes, self._now()).as_session
        said = {"client": client.client_id} | query
        return Inquiry(session, action, said, SHOWING_WHO_IT_IS, client.owners or (client.registrar,), address)


def _has_its_certificate(client: MachineClient, presented: str | None) -> bool:
    if client.certificate_sha256 is None:
        return True
    return hmac.compare_digest(client.certificate_sha256, presented or "")


def _scopes(client: MachineClient, asked: tuple[str, ...]) -> tuple[ClientScope, ...]:
    if not set(asked) <= set(client.scopes):
        raise UnknownScope(f"the client is registered for: {' '.join(client.scopes)}")
    return tuple(scope for scope in client.scopes if not asked or scope in asked)

"""The second factor: an authenticator's code or a passkey, asked of everybody (CJIS Security Policy 5.9.4, IA-2)."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from plateward.policy.reasons import Lacking, Missing
from services.gateway import totp
from services.gateway.people import Person
from services.gateway.sign_in import (
    Account,
    HalfWay,
    NewSession,
    Passwords,
    PeopleStore,
    SignIn,
    SignInRefused,
    Way,
    sha256,
)
from services.gateway.writing import unwritable

TICKET_LASTS = timedelta(minutes=10)
PASSWORD_LEAST_CHARACTERS = 12
BEGIN_AGAIN = "that took too long; begin again with name and password"
NO_INVITATION = "the name or the invitation is not right, or it is no longer good"
NO_FACTOR = "no second factor is set up; whoever keeps your agency's accounts can give you an invitation"


class InvalidPassword(Lacking):
    """A password that is too easily guessed."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey's public half, and how often it has signed."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """Half a sign-in as it is kept, with what the person's second factors are."""

    person_id: uuid.UUID
    username: str
    enrolling: bool
    challenge: bytes | None
    totp_offered: bytes | None
    totp_kept: bytes | None
    totp_last_step: int
    passkeys: tuple[Passkey, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An authenticator's secret while it is being set up."""

    uri: str
    typed: str


class FactorStore(Protocol):
    """Where tickets and second factors are kept."""

    async def open_ticket(self, person_id: uuid.UUID, secret: bytes, ends_at: datetime, *, enrolling: bool) -> None:
        """Keeps a ticket by the hash of its secret."""

    async def ticket(self, secret: bytes, at: datetime) -> Ticket | None:
        """The ticket with this secret, unless its time is over."""

    async def note_on_ticket(
        self, secret: bytes, *, challenge: bytes | None = None, totp_sealed: bytes | None = None
    ) -> None:
        """Keeps with a ticket what its next step is checked against."""

    async def close_ticket(self, secret: bytes) -> bool:
        """Ends a ticket; False when it has been used already."""

    async def keep_totp(self, person_id: uuid.UUID, sealed: bytes, step: int) -> None:
        """Keeps a person's authenticator."""

    async def use_step(self, person_id: uuid.UUID, step: int) -> bool:
        """Uses up a step and all before it; False when it has been used."""

    async def keep_passkey(self, person_id: uuid.UUID, passkey: Passkey, at: datetime) -> None:
        """Keeps a person's passkey."""

    async def use_passkey(self, passkey: Passkey, sign_count: int) -> bool:
        """Moves a passkey's count on; False when another has done so meanwhile."""

    async def invited(self, username: str, invitation: bytes, at: datetime) -> bool:
        """Whether this invitation is the one of the account, and in time."""

    async def accept(self, username: str, invitation: bytes, password_hash: str, at: datetime) -> bool:
        """Sets the password, and takes away the invitation and all second factors.

        False when it is no longer good: of several who accept it at the same instant, one does.
        """


class Seal(Protocol):
    """How secrets are kept that the database alone must not give away."""

    def sealed(self, secret: bytes, of: uuid.UUID) -> bytes:
        """The secret, sealed for this person."""

    def opened(self, sealed: bytes, of: uuid.UUID) -> bytes:
        """The secret again."""


class Passkeys(Protocol):
    """The ceremonies of passkeys (WebAuthn); what is not right raises SignInRefused."""

    def creation(self, person: Person, others: tuple[Passkey, ...]) -> tuple[str, bytes]:
        """What a browser is asked when a passkey is made, as JSON, and the challenge in it."""

    def created(self, answer: str, challenge: bytes) -> Passkey:
        """The passkey that was made."""

    def request(self, passkeys: tuple[Passkey, ...]) -> tuple[str, bytes]:
        """What a browser is asked when somebody signs in, as JSON, and the challenge in it."""

    def used(self, answer: str, challenge: bytes, passkeys: tuple[Passkey, ...]) -> tuple[Passkey, int]:
        """The passkey that has signed, and its new count."""


class SecondFactor:
    """What stands between a right password and a session."""

    def __init__(
        self,
        *,
        sign_in: SignIn,
        people: PeopleStore,
        factors: FactorStore,
        passwords: Passwords,
        seal: Seal | None,
        passkeys: Passkeys,
        required: bool,
        now: Callable[[], datetime],
    ) -> None:
        self._sign_in, self._people, self._factors, self._passwords = sign_in, people, factors, passwords
        self._seal, self._passkeys, self._required, self._now = seal, passkeys, required, now

    async def enter(self, username: str, password: str, address: str) -> NewSession | HalfWay:
        """A session, or a ticket to one; raises SignInRefused, NoPolicyInForce, NotRecorded."""
        account = await self._sign_in.known(username, password, address)
        return await self.after_first_factor(account, "password", address)

    async def after_first_factor(self, account: Account, way: Way, address: str) -> NewSession | HalfWay:
        """What follows when the first factor, wherever it was checked, was right."""
        if not self._required:
            return await self._sign_in.open(account, way, address)
        if not account.has_second_factor:
            raise SignInRefused(NO_FACTOR)
        return await self._half_way(account, enrolling=False)

    async def accept_invitation(
        self, username: str, invitation: str, password: str, address: str
    ) -> NewSession | HalfWay:
        """Sets the invited person's own password, and goes on to their second factor.

        Raises SignInRefused, InvalidPassword, NoPolicyInForce, NotRecorded.
        """
        attempt = await self._people.attempt(username, address, self._now())
        written = invitation.strip().replace("-", "").upper()
        if attempt is None or not await self._factors.invited(username, sha256(written), self._now()):
            account = await self._people.account(username, self._now())
            await self._sign_in.failed(username, account, "invitation", address)
            raise SignInRefused(NO_INVITATION)
        await self._people.forgive(attempt)
        missing = what_a_password_lacks(username, password)
        if missing:
            raise InvalidPassword(*missing)
        password_hash = await self._passwords.hashed(password)
        if not await self._factors.accept(username, sha256(written), password_hash, self._now()):
            raise SignInRefused(NO_INVITATION)
        account = await self._people.account(username, self._now())
        if account is None or not account.active:
            raise SignInRefused("the account is closed")
        self._sign_in.require_open(account)
        if not self._required:
            return await self._sign_in.open(account, "invitation", address)
        return await self._half_way(account, enrolling=True)

    async def ticket(self, secret: str) -> Ticket:
        """The ticket of this secret; raises SignInRefused."""
        found = await self._factors.ticket(sha256(secret), self._now())
        if found is None:
            raise SignInRefused(BEGIN_AGAIN)
        return found

    @property
    def takes_codes(self) -> bool:
        """Whether authenticators can be set up: their secrets must be sealed."""
        return self._seal is not None

    async def authenticator_offer(self, secret: str) -> Offer | None:
        """The secret for the authenticator that is being set up; None where there is no seal to keep it under."""
        ticket = await self.ticket(secret)
        account = await self._account(ticket)
        if self._seal is None or not ticket.enrolling:
            return None
        if ticket.totp_offered is None:
            shared = totp.new_secret()
            await self._factors.note_on_ticket(sha256(secret), totp_sealed=self._seal.sealed(shared, ticket.person_id))
        else:
            shared = self._seal.opened(ticket.totp_offered, ticket.person_id)
        return Offer(
            totp.enrolment_uri(shared, account.person.username, account.person.agency_id), totp.in_base32(shared)
        )

    async def with_code(self, secret: str, code: str, address: str) -> NewSession:
        """The session that a right code opens; raises SignInRefused, NotRecorded."""
        ticket = await self.ticket(secret)
        sealed = ticket.totp_offered if ticket.enrolling else ticket.totp_kept
        attempt = await self._people.attempt(ticket.username, address, self._now())
        step = None
        if self._seal is not None and sealed is not None and attempt is not None:
            last = 0 if ticket.enrolling else ticket.totp_last_step
            step = totp.accepted_step(self._seal.opened(sealed, ticket.person_id), code, self._now(), last)
        if step is None or not await self._took_step(ticket, sealed, step):
            await self._sign_in.failed(ticket.username, await self._account(ticket), "code", address)
            raise SignInRefused("the code is not right, or was used before; wait for the next one")
        return await self._complete(secret, ticket, "code", address)

    async def passkey_question(self, secret: str) -> str:
        """What the browser is asked for a passkey, as JSON; raises SignInRefused."""
        ticket = await self.ticket(secret)
        if ticket.enrolling:
            question, challenge = self._passkeys.creation((await self._account(ticket)).person, ticket.passkeys)
        else:
            question, challenge = self._passkeys.request(ticket.passkeys)
        await self._factors.note_on_ticket(sha256(secret), challenge=challenge)
        return question

    async def with_passkey(self, secret: str, answer: str, address: str) -> NewSession:
        """The session that a passkey opens; raises SignInRefused, NotRecorded."""
        ticket = await self.ticket(secret)
        attempt = await self._people.attempt(ticket.username, address, self._now())
        if ticket.challenge is None or attempt is None:
            raise SignInRefused(BEGIN_AGAIN)
        try:
            await self._took_passkey(ticket, ticket.challenge, answer)
        except SignInRefused:
            await self._sign_in.failed(ticket.username, await self._account(ticket), "passkey", address)
            raise
        return await self._complete(secret, ticket, "passkey", address)

    async def _half_way(self, account: Account, *, enrolling: bool) -> HalfWay:
        secret, ends_at = secrets.token_urlsafe(32), self._now() + TICKET_LASTS
        await self._factors.open_ticket(account.person.id, sha256(secret), ends_at, enrolling=enrolling)
        return HalfWay(secret, enrolling)

    async def _took_step(self, ticket: Ticket, sealed: bytes | None, step: int) -> bool:
        if ticket.enrolling and sealed is not None:
            await self._factors.keep_totp(ticket.person_id, sealed, step)
            return True
        return await self._factors.use_step(ticket.person_id, step)

    async def _took_passkey(self, ticket: Ticket, challenge: bytes, answer: str) -> None:
        if ticket.enrolling:
            made = self._passkeys.created(answer, challenge)
            await self._factors.keep_passkey(ticket.person_id, made, self._now())
            return
        passkey, count = self._passkeys.used(answer, challenge, ticket.passkeys)
        if not await self._factors.use_passkey(passkey, count):
            raise SignInRefused("the passkey has been used elsewhere meanwhile; try again")

    async def _complete(self, secret: str, ticket: Ticket, way: Way, address: str) -> NewSession:
        if not await self._factors.close_ticket(sha256(secret)):
            raise SignInRefused(BEGIN_AGAIN)
        return await self._sign_in.open(await self._account(ticket), way, address)

    async def _account(self, ticket: Ticket) -> Account:
        account = await self._people.account(ticket.username, self._now())
        if account is None or not account.active:
            raise SignInRefused(BEGIN_AGAIN)
        return account


def what_a_password_lacks(username: str, password: str) -> tuple[Missing, ...]:
    """What makes a password too easily guessed; empty when nothing does."""
    if len(password) < PASSWORD_LEAST_CHARACTERS:
        return (Missing("password", f"needs at least {PASSWORD_LEAST_CHARACTERS} characters"),)
    if username.lower() in password.lower():
        return (Missing("password", "must not hold the own name"),)
    if len(set(password)) < PASSWORD_LEAST_CHARACTERS // 2:
        return (Missing("password", "is of too few different characters"),)
    return unwritable({"password": password})

"""Signing in with a password, and the sessions that follow (Barstow 466.6.a, Florence 807.5.a)."""

import hashlib
import ipaddress
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from plateward.contracts.access import Action, Reason
from plateward.policy.catalogue import PolicyCatalogue, UnknownAgency
from plateward.policy.profile import AgencyProfile
from services.gateway.access import AccessGate, Inquiry
from services.gateway.failed_sign_ins import FailedSignIns
from services.gateway.people import Person, Session
from services.gateway.standing import Record, is_vendor, standing, what_bars

SESSION_LASTS = timedelta(hours=12)
"""The longest that any policy lets a session last (CJIS Security Policy 5.9.4, re-authentication)."""

MOVED_EVERY = timedelta(minutes=1)
"""A move is noted no more often than this: sessions end by the minute, and a request need not write."""

FAILURES_AT_MOST = 5
FAILURES_WITHIN = timedelta(minutes=15)
"""Five failures in fifteen minutes lock an account until an administrator releases it (the same, AC-7)."""

KEEPING_ACCOUNTS = Reason(purpose="accounts", form="duty", values={"duty": "keeping the agency's accounts"})
"""The standing reason of whatever is done to accounts."""

SIGNING_IN = Reason(purpose="accounts", form="duty", values={"duty": "signing in"})
"""The standing reason of whoever signs in."""

Way = Literal["password", "invitation", "code", "passkey", "provider"]
"""What opened a session: the last that was asked of the person, or their agency's own identity provider."""

NOT_RIGHT = "the name or the password is not right, or the account is locked or closed"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SignInRefused(Exception):
    """Nobody is let in; says as much of why as the one who asks may know."""


class NoPolicyInForce(Exception):
    """The person's agency has no profile here, so that there is no rule by which they could do anything."""

    def __init__(self, agency_id: str) -> None:
        super().__init__(f"no policy of the agency {agency_id} is in force here, so nobody of it can do anything")
        self.agency_id = agency_id


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just begun, with the token that is shown once."""

    token: str
    session: Session


@dataclass(frozen=True, slots=True)
class HalfWay:
    """The password was right; the ticket says so, and the second factor is still to come, or to be set up."""

    ticket: str
    enrolling: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what they sign in by, and what is on file of them."""

    person: Person
    password_hash: str | None
    active: bool
    has_second_factor: bool
    record: Record


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as it is kept."""

    public_id: uuid.UUID
    started_at: datetime
    last_seen_at: datetime
    still: bool
    """In a secured dispatch room: it does not end for want of a move."""
    person: Person
    record: Record


class PeopleStore(Protocol):
    """Where accounts and sessions are kept."""

    async def account(self, username: str, at: datetime) -> Account | None:
        """The account of this name."""

    async def attempt(self, username: str, address: str, at: datetime) -> int | None:
        """Counts a try before it is judged; None when the account is locked, or has failed too often by now."""

    async def forgive(self, attempt: int) -> None:
        """Takes back a try that was no failure."""

    async def lock_if_failing(self, username: str, at: datetime) -> bool:
        """Locks the account after too many failures; whether this one did."""

    async def begin_session(
        self, session: Session, secret_sha256: bytes, address: str, ends_at: datetime, *, still: bool
    ) -> tuple[str, ...]:
        """Keeps a session by the hash of its secret, and forgets failed tries; the addresses of other open ones."""

    async def session(self, secret_sha256: bytes, at: datetime) -> OpenSession | None:
        """The session with this secret, unless it has ended."""

    async def moved(self, secret_sha256: bytes, at: datetime) -> None:
        """Notes that the person has moved."""

    async def end_session(self, secret_sha256: bytes, at: datetime) -> None:
        """Ends a session."""


class Passwords(Protocol):
    """How passwords are hashed and checked."""

    async def hashed(self, password: str) -> str:
        """The hash to keep."""

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the hashed one; takes as long when there is no hash."""


class SignIn:
    """Lets people in and knows their sessions."""

    def __init__(
        self,
        *,
        people: PeopleStore,
        passwords: Passwords,
        policies: PolicyCatalogue,
        gate: AccessGate,
        failures: FailedSignIns,
        dispatch_rooms: tuple[Network, ...],
        now: Callable[[], datetime],
    ) -> None:
        self._people, self._passwords, self._policies, self._now = people, passwords, policies, now
        self._gate, self._failures, self._rooms = gate, failures, dispatch_rooms

    async def known(self, username: str, password: str, address: str) -> Account:
        """The account that this password is of; raises SignInRefused, NoPolicyInForce, NotRecorded."""
        attempt = await self._people.attempt(username, address, self._now())
        account = await self._people.account(username, self._now())
        matches = await self._passwords.matches(account.password_hash if account else None, password)
        if attempt is None or account is None or not matches or not account.active:
            await self.failed(username, account, "password", address)
            raise SignInRefused(NOT_RIGHT)
        await self._people.forgive(attempt)
        self.require_open(account)
        return account

    async def failed(self, username: str, account: Account | None, way: Way, address: str) -> None:
        """Records the try, and locks the account where there have been too many; raises NotRecorded."""
        await self.record_failure(username, account, way, address)
        if await self._people.lock_if_failing(username, self._now()) and account is not None:
            await self._record(self._outside(account.person), "lock-account", {"person": username}, address)

    async def record_failure(self, username: str, account: Account | None, way: Way, address: str) -> None:
        """Records a try that opened nothing; raises NotRecorded."""
        await self._failures.note(username, account.person if account else None, way, address)

    def require_open(self, account: Account) -> None:
        """Raises NoPolicyInForce, or SignInRefused for a vendor whose window is closed."""
        person, profile = account.person, self.profile(account.person.agency_id)
        if is_vendor(profile, person.title):
            barred = what_bars(profile, person.title, account.record, self._now())
            if barred is not None:
                raise SignInRefused(barred)

    async def open(self, account: Account, way: Way, address: str) -> NewSession:
        """A new session, recorded before it begins; one beside another of the same person raises an alarm.

        Raises NotRecorded: nobody is in who is not on record.
        """
        token, at, person = secrets.token_urlsafe(32), self._now(), account.person
        session = self._as_session(OpenSession(uuid.uuid4(), at, at, False, person, account.record))
        rules = self.profile(person.agency_id).sessions
        still = person.title in rules.dispatch_titles and self._in_dispatch_room(address)
        ends_at = at + timedelta(hours=rules.longest_hours)
        asked = {"person": person.username, "by": way}
        async with self._gate.look(self._inquiry(session, "sign-in", asked, SIGNING_IN, address)) as look:
            others = await self._people.begin_session(session, sha256(token), address, ends_at, still=still)
            look.results = 1
        if others:
            query = {"person": person.username, "sessions": str(len(others) + 1), "others": ", ".join(others)}
            await self._record(session, "concurrent-sessions", query, address)
        return NewSession(token, session)

    async def session(self, token: str, *, moving: bool = True) -> Session | None:
        """The session of this token, if it has not ended; `moving` is whether a person did something.

        Raises NoPolicyInForce.
        """
        at = self._now()
        found = await self._people.session(sha256(token), at)
        if found is None:
            return None
        idle = timedelta(minutes=self.profile(found.person.agency_id).sessions.idle_minutes)
        if not found.still and at - found.last_seen_at > idle:
            return None
        if moving and at - found.last_seen_at >= MOVED_EVERY:
            await self._people.moved(sha256(token), at)
        return self._as_session(found)

    async def leave(self, token: str) -> None:
        """Ends the session of this token."""
        await self._people.end_session(sha256(token), self._now())

    def profile(self, agency_id: str) -> AgencyProfile:
        """The policy of an agency; raises NoPolicyInForce."""
        try:
            return self._policies[agency_id]
        except UnknownAgency:
            raise NoPolicyInForce(agency_id) from None

    def _as_session(self, found: OpenSession) -> Session:
        # Rights are asked of the policy each time: a profile that changes, a training that ends, a violation bind
        # the sessions that are open.
        person = found.person
        now = standing(self.profile(person.agency_id), person.title, found.record, self._now())
        return Session(found.public_id, person, now.rights, found.started_at, now.withheld)

    def _outside(self, person: Person) -> Session:
        """Who is named in a record while nobody is signed in."""
        return Session(uuid.UUID(int=0), person, frozenset(), self._now())

    async def _record(self, session: Session, action: Action, query: dict[str, str], address: str) -> None:
        async with self._gate.look(self._inquiry(session, action, query, KEEPING_ACCOUNTS, address)) as look:
            look.results = 1

    def _inquiry(
        self, session: Session, action: Action, query: dict[str, str], reason: Reason, address: str
    ) -> Inquiry:
        return Inquiry(session, action, query, reason, (session.person.agency_id,), address)

    def _in_dispatch_room(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in room for room in self._rooms)
        except ValueError:
            return False


def sha256(secret: str) -> bytes:
    """How a secret is kept."""
    # It has at least 100 random bits, so a plain hash keeps it: nobody who reads the table can use it.
    return hashlib.sha256(secret.encode()).digest()

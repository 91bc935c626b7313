"""Signing in with a password, and the sessions that follow (Barstow 466.6.a, Florence 807.5.a)."""

import hashlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.people import Person, Session

SESSION_LASTS = timedelta(hours=12)
"""A shift; after it the person signs in again (CJIS Security Policy 5.9.4, re-authentication)."""


class SignInRefused(Exception):
    """Name and password do not let anyone in. It never says which of the two is wrong."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just begun, with the token that is shown once."""

    token: str
    session: Session


@dataclass(frozen=True, slots=True)
class Account:
    """A person with the hash of their password."""

    person: Person
    password_hash: str
    active: bool


class PeopleStore(Protocol):
    """Where accounts and sessions are kept."""

    async def account(self, username: str) -> Account | None:
        """The account of this name."""

    async def begin_session(self, session: Session, secret_sha256: bytes, address: str, ends_at: datetime) -> None:
        """Keeps a session by the hash of its secret."""

    async def session(self, secret_sha256: bytes, at: datetime) -> tuple[uuid.UUID, datetime, Person] | None:
        """The public id, the start and the person of a session that has not ended."""

    async def end_session(self, secret_sha256: bytes, at: datetime) -> None:
        """Ends a session."""


class Passwords(Protocol):
    """How passwords are hashed and checked."""

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the hashed one; takes as long when there is no hash."""


class SignIn:
    """Lets people in and knows their sessions."""

    def __init__(
        self, *, people: PeopleStore, passwords: Passwords, policies: PolicyCatalogue, now: Callable[[], datetime]
    ) -> None:
        self._people, self._passwords, self._policies, self._now = people, passwords, policies, now

    async def enter(self, username: str, password: str, address: str) -> NewSession:
        """A new session for this person; raises SignInRefused."""
        account = await self._people.account(username)
        matches = await self._passwords.matches(account.password_hash if account else None, password)
        if account is None or not matches or not account.active:
            raise SignInRefused("the name or the password is not right")
        token, at = secrets.token_urlsafe(32), self._now()
        session = self._as_session(uuid.uuid4(), at, account.person)
        await self._people.begin_session(session, _sha256(token), address, at + SESSION_LASTS)
        return NewSession(token, session)

    async def session(self, token: str) -> Session | None:
        """The session of this token, if it has not ended."""
        found = await self._people.session(_sha256(token), self._now())
        return None if found is None else self._as_session(*found)

    async def leave(self, token: str) -> None:
        """Ends the session of this token."""
        await self._people.end_session(_sha256(token), self._now())

    def _as_session(self, public_id: uuid.UUID, started_at: datetime, person: Person) -> Session:
        # Rights are asked of the policy each time: a profile that changes binds the sessions that are open.
        return Session(public_id, person, self._policies[person.agency_id].rights_of(person.title), started_at)


def _sha256(token: str) -> bytes:
    # A token has 256 random bits, so a plain hash keeps it: nobody who reads the table can use it.
    return hashlib.sha256(token.encode()).digest()

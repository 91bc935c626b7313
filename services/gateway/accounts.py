"""Keeping the accounts of the own agency: who may, what is recorded, and what each change does."""

import secrets
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from plateward.contracts.access import Action
from plateward.contracts.camera_registrations import ByPerson
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile, Right
from plateward.policy.reasons import Missing
from plateward.policy.training import TrainingRecord, suspended_since
from services.gateway.access import AccessGate, Inquiry
from services.gateway.account_file import AccountStore, Command, History, KnownAccount
from services.gateway.account_rules import (
    InvalidAccount,
    NewAccount,
    review_due_at,
    what_a_statement_lacks,
    what_a_training_lacks,
    what_a_window_lacks,
    what_an_account_lacks,
)
from services.gateway.people import NotAllowed, Person, Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.sign_in import KEEPING_ACCOUNTS, sha256
from services.gateway.standing import Standing, standing

INVITATION_LASTS = timedelta(hours=72)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No I, O, 0, 1: an invitation is told over the counter, and typed."""

DUTIES: tuple[Right, ...] = ("keep-accounts", "review-accounts", "suspend-people", "record-training")
"""Each of these lets a person see the agency's people."""


@dataclass(frozen=True, slots=True)
class SeenAccount:
    """An account, what its person may do now, and when it is to be looked through."""

    account: KnownAccount
    standing: Standing
    suspended_since: datetime | None
    review_due_at: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """A person, and the invitation that is shown once."""

    person: Person
    invitation: str


@dataclass(frozen=True, slots=True)
class Installing:
    """Who sets the platform up, before there is anybody whose account could say so: the machine's own account."""

    username: str
    machine: str
    at: datetime


CarryOut = Callable[[ByPerson, KnownAccount], Awaitable[None]]
"""What a change does, given who makes it and the account as it was."""


class Accounts:
    """The accounts of the person's own agency."""

    def __init__(
        self, *, gate: AccessGate, store: AccountStore, policies: PolicyCatalogue, now: Callable[[], datetime]
    ) -> None:
        self._gate, self._store, self._policies, self._now = gate, store, policies, now

    async def all(self, session: Session, address: str) -> list[SeenAccount]:
        """The agency's accounts, what is to be done first; raises NotAllowed, NotRecorded."""
        self._require_duty(session)
        async with self._gate.look_at_own(session, "list-people", {"people": "all"}, KEEPING_ACCOUNTS, address) as look:
            found = await self._store.of_agency(session.person.agency_id, self._now())
            look.results = len(found)
        return sorted((self._seen(one) for one in found), key=_by_urgency)

    async def one(self, session: Session, person_id: uuid.UUID, address: str) -> tuple[SeenAccount, History]:
        """A person's account and its history; everybody may see their own. Raises NotAllowed, NoSuchRecord."""
        if person_id != session.person.id:
            self._require_duty(session)
        query = {"person": str(person_id)}
        async with self._gate.look_at_own(session, "list-people", query, KEEPING_ACCOUNTS, address) as look:
            account = await self._known(session, person_id)
            history = await self._store.history(person_id, self._now())
            look.results = 1
        return self._seen(account), history

    async def create(self, session: Session, new: NewAccount, address: str) -> Invited:
        """Makes an account; its person sets the password. Raises NotAllowed, InvalidAccount, NotRecorded."""
        require(session, "keep-accounts")
        missing = what_an_account_lacks(self._profile(session), new)
        if missing:
            raise InvalidAccount(*missing)
        agency_id, (invitation, secret) = session.person.agency_id, new_invitation()
        person = Person(uuid.uuid4(), new.username, " ".join(new.name.split()), new.title, agency_id)
        query = {"person": new.username, "command": "create", "title": new.title}
        async with self._gate.look_at_own(session, "change-account", query, KEEPING_ACCOUNTS, address) as look:
            until = self._now() + INVITATION_LASTS
            if not await self._store.create(person, new.directory_name or None, secret, until, self._by(session)):
                raise InvalidAccount(Missing("username", "is taken by another account"))
            look.results = 1
        return Invited(person, invitation)

    async def invite(self, session: Session, person_id: uuid.UUID, address: str) -> Invited:
        """A new invitation: the way back for whoever lost a password or a second factor."""
        invitation, secret = new_invitation()
        account = await self._change(
            *(session, "keep-accounts", "change-account", person_id, "invite", "", address),
            lambda by, _: self._store.invite(person_id, secret, by.at + INVITATION_LASTS, by),
        )
        return Invited(account.person, invitation)

    async def deactivate(self, session: Session, person_id: uuid.UUID, statement: str, address: str) -> None:
        """Closes an account; its sessions end at once. A reviewer may too."""
        right: Right = "keep-accounts" if "keep-accounts" in session.rights else "review-accounts"
        await self._change(
            *(session, right, "change-account", person_id, "deactivate", statement, address),
            lambda by, _: self._store.change(person_id, "deactivate", by),
        )

    async def reactivate(self, session: Session, person_id: uuid.UUID, statement: str, address: str) -> None:
        """Opens a closed account again."""
        await self._change(
            *(session, "keep-accounts", "change-account", person_id, "reactivate", statement, address),
            lambda by, _: self._store.change(person_id, "reactivate", by),
        )

    async def release(self, session: Session, person_id: uuid.UUID, address: str) -> None:
        """Releases an account that failed sign-ins have locked."""
        await self._change(
            *(session, "keep-accounts", "change-account", person_id, "release", "", address),
            lambda by, _: self._store.change(person_id, "release", by),
        )

    async def review(self, session: Session, person_id: uuid.UUID, address: str) -> None:
        """Confirms that the account is still needed."""
        await self._change(
            *(session, "review-accounts", "review-account", person_id, "review", "", address),
            lambda by, _: self._store.change(person_id, "review", by),
        )

    async def train(
        self, session: Session, person_id: uuid.UUID, training_id: str, completed_on: date, address: str
    ) -> None:
        """Puts a completed training on file."""
        require(session, "record-training")
        missing = what_a_training_lacks(self._profile(session), training_id, completed_on, self._now())
        if missing is not None:
            raise InvalidAccount(missing)
        record = TrainingRecord(training_id, completed_on, self._now())
        await self._change(
            *(session, "record-training", "record-training", person_id, "train"),
            *(f"{training_id}, completed on {completed_on}", address),
            lambda by, _: self._store.train(person_id, record, by),
        )

    async def suspend(self, session: Session, person_id: uuid.UUID, statement: str, address: str) -> None:
        """Records a violation: the person can do nothing until retrained, and is told why (Barstow 466.6.e)."""
        require(session, "suspend-people")
        missing = what_a_statement_lacks(statement)
        if missing:
            raise InvalidAccount(*missing)
        await self._change(
            *(session, "suspend-people", "suspend-person", person_id, "violation", statement, address),
            lambda by, _: self._store.violate(person_id, by),
        )

    async def open_window(
        self, session: Session, person_id: uuid.UUID, hours: float, statement: str, address: str
    ) -> None:
        """Lets a vendor's person in for maintenance, for so many hours from now (Barstow 466.10.d)."""

        async def open_for(by: ByPerson, account: KnownAccount) -> None:
            missing = what_a_window_lacks(self._profile(session), account.person.title, hours, statement)
            if missing:
                raise InvalidAccount(*missing)
            await self._store.open_window(person_id, by.at + timedelta(hours=hours), by)

        await self._change(
            *(session, "keep-accounts", "change-account", person_id, "open-window", statement, address), open_for
        )

    async def _change(
        self,
        session: Session,
        right: Right,
        action: Action,
        person_id: uuid.UUID,
        command: Command,
        statement: str,
        address: str,
        carry_out: CarryOut,
    ) -> KnownAccount:
        """Records a change and carries it out; raises NotAllowed, InvalidAccount, NoSuchRecord, NotRecorded."""
        require(session, right)
        query = {"person": str(person_id), "command": command}
        async with self._gate.look_at_own(session, action, query, KEEPING_ACCOUNTS, address) as look:
            account = await self._known(session, person_id)
            await carry_out(self._by(session, statement), account)
            look.results = 1
        return account

    async def _known(self, session: Session, person_id: uuid.UUID) -> KnownAccount:
        account = await self._store.one(person_id, session.person.agency_id, self._now())
        if account is None:
            raise NoSuchRecord(person_id)
        return account

    def _seen(self, account: KnownAccount) -> SeenAccount:
        profile, at = self._policies[account.person.agency_id], self._now()
        due = review_due_at(profile, account.created_at, account.reviewed_at)
        return SeenAccount(
            account=account,
            standing=standing(profile, account.person.title, account.record, at),
            suspended_since=suspended_since(profile, account.record.violated_at, account.record.trainings),
            review_due_at=due,
            overdue=account.active and at > due,
        )

    def _require_duty(self, session: Session) -> None:
        if not any(right in session.rights for right in DUTIES):
            withheld = next((session.withheld[right] for right in DUTIES if right in session.withheld), None)
            raise NotAllowed("keep-accounts", withheld)

    def _profile(self, session: Session) -> AgencyProfile:
        return self._policies[session.person.agency_id]

    def _by(self, session: Session, statement: str = "") -> ByPerson:
        person = session.person
        return ByPerson(name=person.name, title=person.title, at=self._now(), statement=statement.strip())


async def begin_accounts(
    store: AccountStore, gate: AccessGate, profile: AgencyProfile, new: NewAccount, installing: Installing
) -> Invited:
    """The first account of an agency: of a title that keeps accounts, where no such account is open yet.

    Raises InvalidAccount, NotRecorded.
    """
    at = installing.at
    missing = list(what_an_account_lacks(profile, new))
    if new.title not in profile.accounts.keepers:
        missing.append(Missing("title", f"must be one of: {', '.join(profile.accounts.keepers)}"))
    if any(
        one.active and one.person.title in profile.accounts.keepers for one in await store.of_agency(profile.id, at)
    ):
        missing.append(Missing("agency", "has somebody who keeps its accounts; the next one is made by them"))
    if missing:
        raise InvalidAccount(*missing)
    person, (invitation, secret) = Person(uuid.uuid4(), new.username, new.name, new.title, profile.id), new_invitation()
    installer = Person(uuid.UUID(int=0), installing.username, "the installation", "installer", profile.id)
    session = Session(uuid.UUID(int=0), installer, frozenset(), at)
    by = ByPerson(name=installer.name, title=installer.title, at=at, statement="the agency's first account")
    query = {"person": new.username, "command": "create", "title": new.title}
    inquiry = Inquiry(session, "change-account", query, KEEPING_ACCOUNTS, (profile.id,), installing.machine)
    async with gate.look(inquiry) as look:
        if not await store.create(person, None, secret, at + INVITATION_LASTS, by):
            raise InvalidAccount(Missing("username", "is taken by another account"))
        look.results = 1
    return Invited(person, invitation)


def new_invitation() -> tuple[str, bytes]:
    """An invitation of 100 random bits, as it is told, and as it is kept."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(20))
    return "-".join(letters[at : at + 5] for at in range(0, 20, 5)), sha256(letters)


def _by_urgency(seen: SeenAccount) -> tuple[bool, bool, bool, str]:
    account = seen.account
    wants_a_look = bool(account.locked_at or seen.suspended_since or seen.overdue)
    return (not account.active, not wants_a_look, account.invited_until is not None, account.person.name)

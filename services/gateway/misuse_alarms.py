"""Alarms of the watch over the access log: the agency's administrator sees each with its evidence, and closes it.

An alarm is a reason to ask, and accuses nobody; what it was, a person finds (Barstow 466.3.1.c, 466.6.e).
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

from plateward.contracts.access import AccessRecord, Reason
from plateward.contracts.camera_registrations import ByPerson
from plateward.policy.reasons import Lacking, Missing
from services.gateway.access import AccessGate
from services.gateway.account_rules import what_a_statement_lacks
from services.gateway.accounts import Accounts
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord

OVERSIGHT = Reason(purpose="oversight", form="duty", values={"duty": "watching over the agency's own searches"})
"""The standing reason for looking at alarms; what is found is said with each."""

Finding = Literal["in-order", "mistake", "violation"]
"""`mistake`: not as it should be, and no violation. A violation suspends the person until they are retrained."""

FINDINGS: tuple[Finding, ...] = get_args(Finding)


class InvalidFinding(Lacking):
    """A finding that cannot close the alarm; says what is missing."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What was found, and by whom; the words are in `by.statement`."""

    finding: Finding
    by: ByPerson


@dataclass(frozen=True, slots=True)
class MisuseAlarm:
    """That a person's searches look like misuse, of which kind, and which they are."""

    id: uuid.UUID
    kind: str
    person_id: uuid.UUID
    person_name: str
    person_title: str
    at: datetime
    """When the last search came that made it an alarm."""
    says: str
    evidence: tuple[uuid.UUID, ...]
    """The numbers of the searches."""
    closed: Closed | None = None


class AlarmStore(Protocol):
    """The alarms that the audit service raises, and what was found of them."""

    async def of_agency(self, agency_id: str) -> list[MisuseAlarm]:
        """The agency's alarms, open ones first, then the newest."""

    async def one(self, alarm_id: uuid.UUID, agency_id: str) -> MisuseAlarm | None:
        """An alarm of the agency."""

    async def records(self, alarm_id: uuid.UUID, agency_id: str) -> list[AccessRecord]:
        """The records that it rests on, as they are in the log, in their order."""

    def alone_with(self, alarm_id: uuid.UUID) -> AbstractAsyncContextManager[None]:
        """A transaction that nobody else closes the alarm beside; all that is done in it is done together."""

    async def close(self, alarm_id: uuid.UUID, agency_id: str, closed: Closed) -> None:
        """Keeps the finding."""


class MisuseAlarms:
    """The alarms about the people of the person's own agency, for those who suspend after a violation."""

    def __init__(self, *, gate: AccessGate, store: AlarmStore, accounts: Accounts, now: Callable[[], datetime]) -> None:
        self._gate, self._store, self._accounts, self._now = gate, store, accounts, now

    async def all(self, session: Session, address: str) -> list[MisuseAlarm]:
        """The agency's alarms, open ones first; raises NotAllowed, NotRecorded."""
        require(session, "suspend-people")
        async with self._gate.look_at_own(session, "list-alarms", {"alarms": "all"}, OVERSIGHT, address) as look:
            found = await self._store.of_agency(session.person.agency_id)
            look.results = len(found)
        return found

    async def one(self, session: Session, alarm_id: uuid.UUID, address: str) -> tuple[MisuseAlarm, list[AccessRecord]]:
        """An alarm and the records that it rests on; raises NotAllowed, NoSuchRecord, NotRecorded."""
        require(session, "suspend-people")
        agency_id = session.person.agency_id
        async with self._gate.look_at_own(session, "list-alarms", {"alarm": str(alarm_id)}, OVERSIGHT, address) as look:
            alarm = await self._known(alarm_id, agency_id)
            records = await self._store.records(alarm_id, agency_id)
            look.results = len(records)
        return alarm, records

    async def close(
        self, session: Session, alarm_id: uuid.UUID, finding: Finding, statement: str, address: str
    ) -> MisuseAlarm:
        """Closes an alarm with what was found; raises NotAllowed, InvalidFinding, NoSuchRecord, NotRecorded."""
        require(session, "suspend-people")
        missing = what_a_statement_lacks(statement)
        if missing:
            raise InvalidFinding(*missing)
        agency_id, query = session.person.agency_id, {"alarm": str(alarm_id), "finding": finding}
        async with self._gate.look_at_own(session, "close-alarm", query, OVERSIGHT, address) as look:
            async with self._store.alone_with(alarm_id):
                alarm = await self._known(alarm_id, agency_id)
                _check_may_close(alarm, session)
                if finding == "violation":
                    await self._accounts.suspend(session, alarm.person_id, statement, address)
                by = ByPerson(
                    name=session.person.name, title=session.person.title, at=self._now(), statement=statement.strip()
                )
                await self._store.close(alarm_id, agency_id, Closed(finding, by))
            look.results = 1
        return await self._known(alarm_id, agency_id)

    async def _known(self, alarm_id: uuid.UUID, agency_id: str) -> MisuseAlarm:
        alarm = await self._store.one(alarm_id, agency_id)
        if alarm is None:
            raise NoSuchRecord(alarm_id)
        return alarm


def _check_may_close(alarm: MisuseAlarm, session: Session) -> None:
    if alarm.closed is not None:
        by = alarm.closed.by
        raise InvalidFinding(Missing("finding", f"was given before, by {by.name}, {by.title}"))
    if alarm.person_id == session.person.id:
        raise InvalidFinding(Missing("finding", "is for somebody else to give: the alarm is about yourself"))

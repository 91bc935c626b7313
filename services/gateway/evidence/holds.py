"""Asking for a hold, and agreeing to it: two people of one agency, a case and an end."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from plateward.contracts.access import Reason
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate
from services.gateway.evidence.hold import DueHit, HoldRequest, HoldStore, InvalidHold, NewHold
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

KEEPING_EVIDENCE = Reason(purpose="evidence", form="duty", values={"duty": "keeping what the agency's cases need"})
"""The standing reason for working on evidence; each hold carries its own case and reason."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """An agency's holds, and what its cases lose soon."""

    holds: tuple[HoldRequest, ...]
    due: tuple[DueHit, ...]


class Holds:
    """The holds of an agency."""

    def __init__(
        self, *, gate: AccessGate, store: HoldStore, policies: PolicyCatalogue, now: Callable[[], datetime]
    ) -> None:
        self._gate, self._store, self._policies, self._now = gate, store, policies, now

    async def shelf(self, session: Session, address: str) -> Shelf:
        """The agency's holds and what is due; raises NotAllowed, NotRecorded."""
        require(session, "search")
        agency_id, today = session.person.agency_id, self._now().date()
        soon = today + timedelta(days=self._policies[agency_id].evidence.warn_days)
        async with self._gate.look_at_own(
            session, "list-holds", {"holds": "of the agency"}, KEEPING_EVIDENCE, address
        ) as look:
            shelf = Shelf(tuple(await self._store.of_agency(agency_id)), tuple(await self._store.due(agency_id, soon)))
            look.results = len(shelf.holds) + len(shelf.due)
        return shelf

    async def ask(self, session: Session, new: NewHold, address: str) -> HoldRequest:
        """Puts a hold before a second person; raises NotAllowed, InvalidHold, NotRecorded."""
        require(session, "search")
        missing = [*new.lacking(self._now().date()), *unwritable({"case": new.case_number, "reason": new.reason})]
        if missing:
            raise InvalidHold(*missing)
        request = HoldRequest(
            id=uuid.uuid4(),
            agency_id=session.person.agency_id,
            asked_by=session.person.actor,
            asked_at=self._now(),
            case_number=new.case_number.strip(),
            reason=new.reason.strip(),
            ends_on=new.ends_on,
            read_ids=tuple(sorted(set(new.read_ids))),
        )
        query = _said(request) | {"reads": " ".join(map(str, request.read_ids))}
        async with self._gate.look_at_own(session, "ask-hold", query, KEEPING_EVIDENCE, address) as look:
            await self._store.add(request)
            look.results = len(request.read_ids)
        return request

    async def decide(
        self, session: Session, hold_id: uuid.UUID, *, agreed: bool, statement: str, address: str
    ) -> HoldRequest:
        """Agrees or refuses as the second person; raises NotAllowed, NoSuchRecord, InvalidHold, NotRecorded."""
        require(session, "search")
        request = await self._store.one(hold_id, session.person.agency_id)
        if request is None:
            raise NoSuchRecord(hold_id)
        self._check(session, request, statement.strip())
        decided = replace(
            request,
            decided_by=session.person.actor,
            decided_at=self._now(),
            agreed=agreed,
            statement=statement.strip(),
        )
        query = _said(request) | {"agreed": "yes" if agreed else "no", "statement": decided.statement}
        async with self._gate.look_at_own(session, "decide-hold", query, KEEPING_EVIDENCE, address) as look:
            if not await self._store.decide(decided):
                raise InvalidHold(Missing("hold", "has been decided by somebody else meanwhile"))
            look.results = 1
        return decided

    def _check(self, session: Session, request: HoldRequest, statement: str) -> None:
        missing = list(unwritable({"statement": statement}))
        if request.agreed is not None:
            missing.append(Missing("hold", "has been decided"))
        if request.asked_by.person_id == str(session.person.id):
            missing.append(Missing("hold", "needs a second person: nobody agrees to their own"))
        if request.ends_on <= self._now().date():
            missing.append(Missing("hold", "its last day has passed"))
        if len(statement) < STATEMENT_AT_LEAST:
            missing.append(Missing("statement", f"must say why, in at least {STATEMENT_AT_LEAST} characters"))
        if missing:
            raise InvalidHold(*missing)


def _said(request: HoldRequest) -> dict[str, str]:
    return {
        "hold": str(request.id),
        "case_number": request.case_number,
        "reason": request.reason,
        "ends_on": request.ends_on.isoformat(),
    }

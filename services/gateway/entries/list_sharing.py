"""Whether a list of the department may leave it: nobody shares one unless who the policy names allows it (S18)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plateward.contracts.access import Actor
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.reasons import Missing
from services.gateway.access import KEEPING_LISTS, AccessGate
from services.gateway.entries.new_entry import InvalidEntry
from services.gateway.people import Session, require
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingDecision:
    """What was last said of a list's being shared with outside agencies."""

    agency_id: str
    list_id: str
    allowed: bool
    decided_by: Actor
    decided_at: datetime
    statement: str


class SharingDecisions(Protocol):
    """Where decisions are kept, all of them; the newest of a list holds."""

    async def of_agency(self, agency_id: str) -> list[SharingDecision]:
        """The newest decision on each of the agency's lists."""

    async def add(self, decision: SharingDecision) -> None:
        """Keeps a decision. What agreements in force share of the list follows it at once."""


class ListSharing:
    """The decisions of an agency on its lists, and what follows from them."""

    def __init__(
        self, *, gate: AccessGate, store: SharingDecisions, policies: PolicyCatalogue, now: Callable[[], datetime]
    ) -> None:
        self._gate, self._store, self._policies, self._now = gate, store, policies, now

    async def approved_for_sharing(self, agency_id: str, list_id: str) -> bool:
        """Whether agreements may name the list: where the policy asks nobody, or whom it names has allowed it."""
        if not self._policies[agency_id].hot_lists.shared_by:
            return True
        return any(one.list_id == list_id and one.allowed for one in await self._store.of_agency(agency_id))

    async def withheld(self, agency_id: str, list_ids: Sequence[str]) -> tuple[str, ...]:
        """Those of these lists that may not leave the agency now; none of one that is not of this deployment."""
        if agency_id not in self._policies:
            return ()
        return tuple([one for one in list_ids if not await self.approved_for_sharing(agency_id, one)])

    async def shown(self, session: Session, address: str) -> list[SharingDecision]:
        """What holds of the agency's lists; raises NotAllowed, NotRecorded."""
        require(session, "share-lists")
        agency = session.person.agency_id
        query = {"lists": "own"}
        async with self._gate.look_at_own(session, "list-shared-lists", query, KEEPING_LISTS, address) as look:
            found = await self._store.of_agency(agency)
            look.results = len(found)
        return found

    async def decide(
        self, session: Session, list_id: str, *, allowed: bool, statement: str, address: str
    ) -> SharingDecision:
        """Allows that a list is shared, or does so no more; raises NotAllowed, InvalidEntry, NotRecorded."""
        require(session, "share-lists")
        agency = session.person.agency_id
        missing = list(unwritable({"statement": statement}))
        if list_id not in {one.list for one in self._policies[agency].hot_lists.designations}:
            missing.append(Missing("list_id", "is no list that your agency has designated"))
        if len(statement.strip()) < STATEMENT_AT_LEAST:
            missing.append(Missing("statement", f"says why, in at least {STATEMENT_AT_LEAST} characters"))
        if missing:
            raise InvalidEntry(*missing)
        decision = SharingDecision(
            agency_id=agency,
            list_id=list_id,
            allowed=allowed,
            decided_by=session.person.actor,
            decided_at=self._now(),
            statement=statement.strip(),
        )
        query = {"list": list_id, "allowed": "yes" if allowed else "no", "statement": decision.statement}
        async with self._gate.look_at_own(session, "share-list", query, KEEPING_LISTS, address) as look:
            await self._store.add(decision)
            look.results = 1
        return decision

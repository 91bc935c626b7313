"""A partner's search: its own record first, byte for byte; then the look, if an agreement grants it; then ours."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import anyio
import msgspec

from plateward.contracts.access import AccessRecord, Reason, outcome_of
from plateward.contracts.partners import PageAfter
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.inquiries import what_an_inquiry_lacks
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate, NotRecorded
from services.gateway.partners.looks import NOTHING_GRANTED, Begun, LookRefused, LookStore, Outcome, PartnerLook
from services.gateway.partners.machines import Machine
from services.gateway.partners.records import NotItsOwn, RecordRefused, check_whose, what_a_search_record_lacks
from services.gateway.partners.tokens import Tokens
from services.gateway.searching.found import RESULTS_MAX, Found, ReadFinder, places_of
from services.gateway.searching.owners import OwnersPart, granted, scopes_of, shared_under
from services.gateway.searching.question import Position, Question


class PartnersDecision(Protocol):
    """Decides whose reads may answer an agency that asks by a machine of its own."""

    async def decide_for_partner(
        self, owners: Sequence[str], agency_id: str, question: Question, reason: Reason
    ) -> tuple[OwnersPart, ...]:
        """Each owner's part, in the order asked."""

    async def begin(self, parts: tuple[OwnersPart, ...]) -> tuple[OwnersPart, ...]:
        """The parts with which a new search begins: it counts against quotas; what is used up is granted no more."""


class PartnerAnswer(msgspec.Struct, frozen=True):
    """A page of what was found, and the record of that."""

    parts: tuple[OwnersPart, ...]
    found: Found
    outcome: AccessRecord
    after: PageAfter | None


class PartnerSearches:
    """Answers machine clients' searches."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        looks: LookStore,
        tokens: Tokens,
        owners: PartnersDecision,
        finder: ReadFinder,
        policies: PolicyCatalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._looks, self._tokens, self._owners = gate, looks, tokens, owners
        self._finder, self._policies, self._now = finder, policies, now

    async def run(
        self,
        machine: Machine,
        record: AccessRecord,
        signature: str,
        question: Question,
        after: PageAfter | None,
        address: str,
    ) -> PartnerAnswer:
        """A page of what answers, once the record of asking is durable, and before it leaves also that of the outcome.

        Raises ScopeMissing, NotItsOwn, RecordRefused, LookRefused, NotRecorded.
        """
        machine.require("reads.search")
        content = await self._whose(machine, record, signature, address)
        missing = what_a_search_record_lacks(record, question, after, tuple(self._policies), self._now())
        if missing:
            raise RecordRefused(*missing)
        if after is not None and await self._looks.question(after.search, machine.client.client_id) != question:
            raise LookRefused("the page is of no search of this client's that asked this, within the last day")
        look = PartnerLook(
            access_id=record.access_id,
            client_id=machine.client.client_id,
            record=content,
            signature=signature,
            question=question,
            search_id=record.access_id if after is None else after.search,
        )
        begun = await self._looks.begin(look, self._now())
        try:
            await self._gate.keep(record)
            return await self._answered(machine, record, look, after, begun)
        except (NotRecorded, LookRefused):
            await self._looks.release(record.access_id)
            raise
        except BaseException as error:
            # Also where the process is told to stop in the middle: what was seen by then is recorded all the same.
            with anyio.CancelScope(shield=True):
                await self._came_to_nothing(record, type(error).__name__)
            raise

    async def _whose(self, machine: Machine, record: AccessRecord, signature: str, address: str) -> bytes:
        try:
            return check_whose(record, signature, machine.client)
        except NotItsOwn as refused:
            await self._tokens.record_refusal(machine.client, str(refused), address)
            raise

    async def _answered(
        self, machine: Machine, record: AccessRecord, look: PartnerLook, after: PageAfter | None, begun: Begun
    ) -> PartnerAnswer:
        parts = await self._parts(machine, record, look.question)
        _check_claims(record, parts)
        if begun.is_new and after is None:
            parts = await self._owners.begin(parts)
        found = await self._found(look.question, parts, after)
        outcome = begun.outcome
        if outcome is None:
            outcome = Outcome(self._outcome(record, parts, found), tuple(read.id for read in found.reads))
            await self._looks.finish(look.access_id, outcome)
        elif outcome.found != tuple(read.id for read in found.reads):
            raise LookRefused("it has been answered, and what it found is no longer the same")
        await self._gate.keep(outcome.record)
        return PartnerAnswer(parts, found, outcome.record, _following(look.search_id, found.next_after))

    async def _parts(self, machine: Machine, record: AccessRecord, question: Question) -> tuple[OwnersPart, ...]:
        client, own = machine.client, self._policies.get(machine.client.agency_id)
        broken = () if own is None else what_an_inquiry_lacks(own, record.reason)
        admitting = [owner for owner in record.owners if owner in client.owners and not broken]
        decided = await self._owners.decide_for_partner(admitting, client.agency_id, question, record.reason)
        parts = {part.agency_id: part for part in decided}
        return tuple(parts.get(owner) or self._not_admitted(owner, client.client_id, broken) for owner in record.owners)

    def _not_admitted(self, owner: str, client_id: str, broken: tuple[Missing, ...]) -> OwnersPart:
        why = f"{self._policies[owner].name} has not admitted the client {client_id}"
        if broken:
            why = f"the policy of your own agency: {broken[0].field} {broken[0].rule}"
        return OwnersPart(owner, granted=False, basis=why)

    async def _found(self, question: Question, parts: tuple[OwnersPart, ...], after: PageAfter | None) -> Found:
        if not granted(parts):
            return Found((), None)
        places = await places_of(question, granted(parts), self._finder)
        position = None if after is None else Position(after.captured_at, after.read_id)
        return await self._finder.find(question, places, scopes_of(parts), after=position, limit=RESULTS_MAX)

    def _outcome(self, record: AccessRecord, parts: tuple[OwnersPart, ...], found: Found) -> AccessRecord:
        if not granted(parts):
            return outcome_of(record, "failed", self._now(), problem=NOTHING_GRANTED)
        answered = outcome_of(record, "answered", self._now(), results=len(found.reads))
        return msgspec.structs.replace(answered, shared_under=shared_under(parts))

    async def _came_to_nothing(self, record: AccessRecord, problem: str) -> None:
        failed = outcome_of(record, "failed", self._now(), problem=problem)
        await self._gate.keep(failed)
        await self._looks.finish(record.access_id, Outcome(failed, ()))


def _check_claims(record: AccessRecord, parts: tuple[OwnersPart, ...]) -> None:
    """What the requester's record says of the agreements must be so; raises RecordRefused. It may say nothing."""
    under, owners = shared_under(parts), granted(parts)
    untrue = [one for one in record.shared_under if one.owner in owners and one not in under]
    if untrue:
        rule = f"MOU {untrue[0].mou}, version {untrue[0].version}, is not what grants this"
        raise RecordRefused(Missing("record.shared_under", rule))


def _following(search_id: uuid.UUID, last: Position | None) -> PageAfter | None:
    return None if last is None else PageAfter(search=search_id, captured_at=last.captured_at, read_id=last.read_id)

"""A request to have an entry in force, or to keep it for longer, and who may decide on it. Pure."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.hot_list import HotListEntry
from plateward.policy.profile import ApprovalChain, CustomEntries
from plateward.policy.reasons import Missing
from services.gateway.people import Person
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

RequestKind = Literal["entry", "renewal"]
RequestState = Literal["waiting", "approved", "refused", "lapsed"]

"""So many characters say why somebody refuses, or why those before them could not be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRequest:
    """What waits for who approves entries, and what became of it."""

    id: uuid.UUID
    entry_id: uuid.UUID
    agency_id: str
    kind: RequestKind
    asked_by: Actor
    requester_title: str
    """The title whose chain decides."""
    asked_at: datetime
    expires_at: datetime
    """The end of the entry that is asked for; a request that nobody has decided on lapses with it."""
    statement: str = ""
    """Why the entry is to be kept."""
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    agreed: bool | None = None
    decision: str = ""
    unreachable: str = ""
    """Why those who come before could not be reached (Barstow 466.11)."""

    def state(self, at: datetime) -> RequestState:
        """How it stands at this time."""
        if self.agreed is None:
            return "lapsed" if at >= self.expires_at else "waiting"
        return "approved" if self.agreed else "refused"


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody says to a request."""

    agreed: bool
    statement: str = ""
    unreachable: str = ""


def chain_for(request: EntryRequest, rules: CustomEntries) -> ApprovalChain | None:
    """Who decides on it, by the policy as it is now; None where nobody need any more."""
    return rules.chain_of(request.requester_title)


def approvers_of(chain: ApprovalChain | None, rules: CustomEntries) -> tuple[str, ...]:
    """Who may decide: those of the chain; where nobody need any more, whoever approves anything."""
    return chain.approvers if chain is not None else tuple(sorted(rules.approvers()))


def what_bars_deciding(
    request: EntryRequest, entry: HotListEntry, person: Person, rules: CustomEntries, said: Decided, at: datetime
) -> tuple[Missing, ...]:
    """What keeps this person from deciding so; empty when nothing does."""
    chain = chain_for(request, rules)
    approvers = approvers_of(chain, rules)
    if request.state(at) != "waiting":
        return (Missing("approval", f"is {request.state(at)}"),)
    if person.title not in approvers:
        return (
            Missing("approval", f"of what a {request.requester_title} asks for is given by: {', '.join(approvers)}"),
        )
    if is_of(person, request, entry):
        return (Missing("approval", "nobody approves an entry of their own"),)
    if entry.suspended_at is not None or at >= entry.expires_at:
        return (Missing("approval", "the entry has ended meanwhile: the vehicle is entered anew"),)
    return (
        *_words_missing(chain, person, said),
        *unwritable({"statement": said.statement, "unreachable": said.unreachable}),
    )


def is_of(person: Person, request: EntryRequest, entry: HotListEntry) -> bool:
    """Whether the entry is this person's: entered by them, or for them."""
    named = entry.requested_by.strip().casefold() == person.name.strip().casefold()
    return named or request.asked_by.person_id == str(person.id)


def _words_missing(chain: ApprovalChain | None, person: Person, said: Decided) -> tuple[Missing, ...]:
    """Who refuses says why; who stands in says why those before could not be reached."""
    before = chain.those_before(person.title) if chain is not None else ()
    if not said.agreed and len(said.statement.strip()) < STATEMENT_AT_LEAST:
        return (Missing("statement", f"a refusal says why, in at least {STATEMENT_AT_LEAST} characters"),)
    if said.agreed and before and len(said.unreachable.strip()) < STATEMENT_AT_LEAST:
        rule = (
            f"says why the {' and the '.join(before)} could not be reached, in at least {STATEMENT_AT_LEAST} characters"
        )
        return (Missing("unreachable", rule),)
    return ()


def decided(request: EntryRequest, person: Person, said: Decided, at: datetime) -> EntryRequest:
    """The request with the decision on it."""
    return replace(
        request,
        decided_by=person.actor,
        decided_at=at,
        agreed=said.agreed,
        decision=said.statement.strip(),
        unreachable=said.unreachable.strip(),
    )


def approved_entry(entry: HotListEntry, request: EntryRequest, by: Person, at: datetime) -> HotListEntry:
    """The entry in force until the end that was asked for, its approver named in it (Barstow 466.11)."""
    return msgspec.structs.replace(
        entry,
        awaits_approval=False,
        approved_by=f"{by.name}, {by.title}",
        approved_at=at,
        starts_at=at if entry.awaits_approval else entry.starts_at,
        expires_at=request.expires_at,
        version=entry.version + 1,
    )


def renewed_entry(entry: HotListEntry, expires_at: datetime) -> HotListEntry:
    """The entry until another end, where nobody need approve it."""
    return msgspec.structs.replace(entry, expires_at=expires_at, version=entry.version + 1)

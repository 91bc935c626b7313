"""Whose reads answer: one's own, and those that an MOU in force grants; each owner decided by itself, by Cedar.

What several MOUs grant is seen together, each read as some one of them grants it: none lends another its cameras.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from plateward.contracts.access import Reason, SharedUnder
from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.people import Person
from services.gateway.searching.owners import OwnersPart
from services.gateway.searching.question import Question
from services.gateway.searching.scopes import Scope, Shown
from services.gateway.sharing.inquiry import PartnerInquiry, partner_inquiry, why_not, why_the_owner_refuses
from services.gateway.sharing.mou import Mou

OWN = "reads of your own agency"
NONE_AGREED = "no agreement with your agency is in force"


class Ruling(Protocol):
    """The policies of the agreements as they are at present, prepared."""

    def granting(self, owner: str, inquiry: PartnerInquiry) -> tuple[Mou, ...]:
        """The MOUs that grant the inquiry the owner's reads; none is a denial."""

    def named(self, under: Iterable[SharedUnder]) -> tuple[Mou, ...]:
        """The MOUs that a part names; one that has another version by now is none."""

    def between(self, owner: str, agency_id: str) -> tuple[Mou, ...]:
        """All MOUs by which the owner grants the agency anything, in force or not, the newest version of each."""

    def granted_by(self, owner: str) -> tuple[Mou, ...]:
        """All MOUs by which the owner grants anybody anything, once both have signed."""


class Rulings(Protocol):
    """Where the ruling comes from."""

    @property
    def latest(self) -> Ruling:
        """The ruling as it was when it was last asked for, for what follows from a decision at once."""

    async def current(self) -> Ruling:
        """The ruling on the agreements as they are now: a suspension counts from the next question on."""


class Quotas(Protocol):
    """How many searches were made under each MOU."""

    async def use(self, mous: Mapping[str, int], at: datetime) -> frozenset[str]:
        """Counts a search under these MOUs, by id, each with its quota for the UTC day; returns those used up."""


class AgreedReads:
    """Grants the own agency's reads, and partners' under their MOUs. Denies every other."""

    def __init__(
        self, *, rulings: Rulings, quotas: Quotas, policies: PolicyCatalogue, now: Callable[[], datetime]
    ) -> None:
        self._rulings, self._quotas, self._policies, self._now = rulings, quotas, policies, now

    async def decide(
        self, owners: Sequence[str], asker: Person, question: Question, reason: Reason
    ) -> tuple[OwnersPart, ...]:
        """Each owner's part, in the order asked."""
        ruling = await self._rulings.current()
        kind = self._policies[asker.agency_id].kind
        inquiry = partner_inquiry(asker.agency_id, kind, question, reason, self._now())
        return tuple(self._part(owner, ruling, inquiry) for owner in owners)

    async def decide_for_partner(
        self, owners: Sequence[str], agency_id: str, question: Question, reason: Reason
    ) -> tuple[OwnersPart, ...]:
        """Each owner's part for an agency that asks by its own machine: it is what the owner's agreement says it is."""
        ruling, at, parts = await self._rulings.current(), self._now(), []
        for owner in owners:
            signed = [mou.terms for mou in ruling.granted_by(owner) if mou.terms.grantee.agency_id == agency_id]
            if owner == agency_id or not signed:
                parts.append(OwnersPart(owner, granted=False, basis=NONE_AGREED))
            else:
                inquiry = partner_inquiry(agency_id, signed[-1].grantee.kind, question, reason, at)
                parts.append(self._part(owner, ruling, inquiry))
        return tuple(parts)

    async def begin(self, parts: tuple[OwnersPart, ...]) -> tuple[OwnersPart, ...]:
        """Counts a new search; a part all of whose MOUs are used up for today is granted no more."""
        ruling, at = self._rulings.latest, self._now()
        mous = {part.agency_id: ruling.named(part.under) for part in parts if part.under}
        quotas = {
            mou.terms.mou_id: mou.terms.searches_a_day
            for of_owner in mous.values()
            for mou in of_owner
            if mou.terms.searches_a_day is not None
        }
        if not quotas:
            return parts
        used_up = await self._quotas.use(quotas, at)
        return tuple(_within_quotas(part, mous[part.agency_id], used_up, at) if part.under else part for part in parts)

    def _part(self, owner: str, ruling: Ruling, inquiry: PartnerInquiry) -> OwnersPart:
        if owner == inquiry.agency_id:
            return OwnersPart(owner, granted=True, basis=OWN, scopes=(Scope(owner),))
        mous = ruling.granting(owner, inquiry)
        if not mous:
            return OwnersPart(owner, granted=False, basis=self._why_denied(owner, ruling, inquiry))
        return part_under(owner, mous, inquiry.at)

    def _why_denied(self, owner: str, ruling: Ruling, inquiry: PartnerInquiry) -> str:
        profile = self._policies.get(owner)
        refused = None if profile is None else why_the_owner_refuses(profile, inquiry)
        if refused is not None:
            return refused
        whys = [
            f"MOU {mou.terms.mou_id}, version {mou.terms.version}, {why}"
            for mou in ruling.between(owner, inquiry.agency_id)
            if (why := why_not(mou, inquiry))
        ]
        return "; ".join(whys) or NONE_AGREED


def part_under(owner: str, mous: Iterable[Mou], at: datetime) -> OwnersPart:
    """The owner's part under these MOUs, all of which grant it."""
    mous = sorted(mous, key=lambda mou: mou.name)
    under = tuple(mou.shared_under for mou in mous)
    basis = "; ".join(f"MOU {one.mou}, version {one.version}" for one in under)
    return OwnersPart(
        owner, granted=True, basis=basis, scopes=tuple(scope for mou in mous for scope in scopes(mou, at)), under=under
    )


def _within_quotas(part: OwnersPart, mous: tuple[Mou, ...], used_up: frozenset[str], at: datetime) -> OwnersPart:
    left = [mou for mou in mous if mou.terms.mou_id not in used_up]
    if left:
        return part_under(part.agency_id, left, at)
    quotas = "; ".join(f"MOU {mou.terms.mou_id} allows {mou.terms.searches_a_day} searches a day" for mou in mous)
    return OwnersPart(part.agency_id, granted=False, basis=f"{quotas or NONE_AGREED}: used up until midnight UTC")


def scopes(mou: Mou, at: datetime) -> tuple[Scope, ...]:
    """What one MOU lets be seen: its cameras together, and each of its areas."""
    terms = mou.terms
    shows: set[Shown] = set(terms.fields)
    if "images" in terms.data_kinds:
        shows.add("pictures")
    everywhere = Scope(
        owner=terms.grantor.agency_id,
        shows=frozenset(shows),
        since=None if terms.oldest is None else at - terms.oldest,
    )
    if not terms.cameras and not terms.areas:
        return (everywhere,)
    of_cameras = (replace(everywhere, cameras=terms.cameras),) if terms.cameras else ()
    return (*of_cameras, *(replace(everywhere, area=area) for area in terms.areas))

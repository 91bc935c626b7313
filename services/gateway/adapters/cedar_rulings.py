"""Decisions on agreements by Cedar: its policies are prepared once, and anew when an agreement changes."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from cedarpy import Entities, PolicySet, is_authorized

from plateward.contracts.access import SharedUnder
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from services.gateway.adapters.stores.mous import PostgresMous
from services.gateway.sharing.cedar_text import policies, request
from services.gateway.sharing.inquiry import PartnerInquiry
from services.gateway.sharing.mou import Mou, standing
from services.gateway.sharing.signing import AgencyKeys, with_true_signatures

NO_ENTITIES = Entities.from_json_str("[]")
"""Everything that a decision rests on is in its request: there is no graph of entities to keep true."""


class _Pair:
    """One owner's policies towards one agency: a decision looks at a few policies, not at those of the whole region."""

    def __init__(self, owner: AgencyProfile | None, mous: list[Mou]) -> None:
        self._owner, self.mous, self.standing = owner, mous, standing(mous)

    @cached_property
    def prepared(self) -> PolicySet:
        """The policies, parsed when they are first asked for."""
        return PolicySet.from_str(policies(self._owner, self.standing))

    @cached_property
    def by_name(self) -> dict[str, Mou]:
        """The versions that count, by name."""
        return {mou.name: mou for mou in self.standing}


class CedarRuling:
    """The agreements at one time. What Cedar does not allow, and any error, is a denial."""

    def __init__(self, mous: Iterable[Mou], catalogue: PolicyCatalogue) -> None:
        self._pairs: dict[tuple[str, str], _Pair] = {}
        self._named: dict[tuple[str, int], Mou] = {}
        versions: defaultdict[tuple[str, str], list[Mou]] = defaultdict(list)
        for mou in mous:
            versions[mou.terms.grantor.agency_id, mou.terms.grantee.agency_id].append(mou)
        for (owner, agency_id), between in versions.items():
            pair = self._pairs[owner, agency_id] = _Pair(catalogue.get(owner), between)
            self._named |= {(mou.terms.mou_id, mou.terms.version): mou for mou in pair.standing}

    def granting(self, owner: str, inquiry: PartnerInquiry) -> tuple[Mou, ...]:
        """The MOUs that grant the inquiry the owner's reads; none is a denial."""
        pair = self._pairs.get((owner, inquiry.agency_id))
        if pair is None:
            return ()
        answer = is_authorized(request(owner, inquiry), pair.prepared, NO_ENTITIES)
        if not answer.allowed or answer.diagnostics.errors:
            return ()
        names = answer.diagnostics.id_annotations_by_reason
        return tuple(pair.by_name[names[one]] for one in answer.diagnostics.reasons)

    def named(self, under: Iterable[SharedUnder]) -> tuple[Mou, ...]:
        """The MOUs that a part names; one that has another version by now is none."""
        found = (self._named.get((one.mou, one.version)) for one in under)
        return tuple(mou for mou in found if mou is not None)

    def between(self, owner: str, agency_id: str) -> tuple[Mou, ...]:
        """All MOUs by which the owner grants the agency anything, in force or not, the newest version of each."""
        pair = self._pairs.get((owner, agency_id))
        if pair is None:
            return ()
        newest = {mou.terms.mou_id: mou for mou in sorted(pair.mous, key=lambda one: one.terms.version)}
        return tuple({**newest, **{mou.terms.mou_id: mou for mou in pair.by_name.values()}}.values())

    def granted_by(self, owner: str) -> tuple[Mou, ...]:
        """All MOUs by which the owner grants anybody anything, once both have signed."""
        return tuple(mou for (grantor, _), pair in self._pairs.items() if grantor == owner for mou in pair.standing)


class CedarRulings:
    """The ruling on what is in the store, prepared anew only when that has changed: one row says whether it has."""

    def __init__(self, store: PostgresMous, keys: AgencyKeys, catalogue: PolicyCatalogue) -> None:
        self._store, self._keys, self._catalogue = store, keys, catalogue
        self._number, self._ruling = -1, CedarRuling((), catalogue)
        self._preparing = asyncio.Lock()

    @property
    def latest(self) -> CedarRuling:
        """The ruling as it was when it was last asked for, for what follows from a decision at once."""
        return self._ruling

    async def current(self) -> CedarRuling:
        """The ruling on the agreements as they are now: a suspension counts from the next question on."""
        if await self._store.number() == self._number:
            return self._ruling
        async with self._preparing:
            # The number first: what changes while the rest is read shows in the next number.
            number = await self._store.number()
            if number != self._number:
                true = [with_true_signatures(mou, self._keys) for mou in await self._store.all()]
                self._number, self._ruling = number, CedarRuling(true, self._catalogue)
        return self._ruling

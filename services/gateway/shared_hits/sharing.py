"""What of a hit a partner's machine client may have, and by which MOUs; what is not named is not shared. Pure.

A hit is of two: of the agency whose camera saw it, and of the agency whose entry it is on. Both must share it, unless
the entry is the partner's own, and both must have admitted the client.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

import msgspec

from plateward.contracts.access import Actor, SharedUnder
from plateward.contracts.hits import Comparison, HitRaised, VehicleComparison
from plateward.contracts.reads import ImageKind
from plateward.contracts.shared_hits import SharedEntry, SharedHit, SharedRead, SharedSighting
from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.searching.scopes import Shown
from services.gateway.sharing.decision import scopes
from services.gateway.sharing.mou import Mou


@dataclass(frozen=True, slots=True)
class Partner:
    """A machine client as sharing looks at it: of which agency it is, and which agencies have admitted it."""

    actor: Actor
    """As an access record names it."""
    admitted_by: frozenset[str]

    @property
    def client_id(self) -> str:
        """The client's id."""
        return self.actor.username

    @property
    def agency_id(self) -> str:
        """The partner's agency."""
        return self.actor.agency_id


@dataclass(frozen=True, slots=True)
class Granted:
    """A hit that is shared: whose it is, by which MOUs, and how much of it."""

    owners: tuple[str, ...]
    under: tuple[SharedUnder, ...]
    shows: frozenset[Shown]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A hit that is not shared, and why, in words for the page of deliveries."""

    why: str


class Agreed:
    """The MOUs that count, with the owners' policies, at one time."""

    def __init__(self, mous: Iterable[Mou], policies: PolicyCatalogue, at: datetime) -> None:
        """Of each MOU the version that counts, with true signatures."""
        self._policies, self._at = policies, at
        self._mous = tuple(mou for mou in mous if mou.state(at) == "in force" and self._may_share(mou))

    def grants_hits(self, partner: Partner) -> bool:
        """Whether any MOU gives the client hits at present: of an agency that has admitted it."""
        return any(
            mou.terms.grantee.agency_id == partner.agency_id
            and "hits" in mou.terms.data_kinds
            and mou.terms.grantor.agency_id in partner.admitted_by
            for mou in self._mous
        )

    def decide(self, hit: HitRaised, partner: Partner) -> Granted | Withheld:
        """Whether the client gets the hit. What the matcher did not let the agency see, no later MOU opens."""
        owner, of_entry = hit.read.agency_id, hit.entry.agency_id
        if partner.agency_id not in hit.agencies:
            return Withheld("was not shared with this agency when it was raised")
        if owner == partner.agency_id:
            return Withheld("is of the partner's own camera")
        if hit.entry.distribution:
            return Withheld("is for named members of an agency only")
        strangers = sorted({owner, of_entry} - {partner.agency_id} - partner.admitted_by)
        if strangers:
            return Withheld(f"the client is not admitted by {' and '.join(strangers)}")
        of_camera = [mou for mou in self._between(owner, partner.agency_id) if self._covers_read(mou, hit)]
        if not of_camera:
            return Withheld(f"no agreement with {owner} in force shares this camera's hits")
        of_list = [mou for mou in self._between(of_entry, partner.agency_id) if _covers_entry(mou, hit)]
        if of_entry != partner.agency_id and not of_list:
            return Withheld(f"no agreement with {of_entry} in force shares this list")
        shows: set[Shown] = {field for mou in of_camera for field in mou.terms.fields}
        pictured = [mou for mou in self._between(owner, partner.agency_id) if self._shows_pictures(mou, hit)]
        if pictured and partner.agency_id not in hit.images_withheld_from:
            shows.add("pictures")
        relied_on = {mou.shared_under for mou in (*of_camera, *of_list, *pictured)}
        owners = tuple(dict.fromkeys(one for one in (owner, of_entry) if one != partner.agency_id))
        under = tuple(sorted(relied_on, key=lambda one: (one.owner, one.mou, one.version)))
        return Granted(owners, under, frozenset(shows))

    def _between(self, grantor: str, grantee: str) -> Iterable[Mou]:
        return (
            mou
            for mou in self._mous
            if mou.terms.grantor.agency_id == grantor and mou.terms.grantee.agency_id == grantee
        )

    def _may_share(self, mou: Mou) -> bool:
        """Whether the owner's own policy lets it share with an agency of this kind at all."""
        owner = self._policies.get(mou.terms.grantor.agency_id)
        return owner is None or mou.terms.grantee.kind in owner.sharing.partners

    def _covers_read(self, mou: Mou, hit: HitRaised) -> bool:
        return "hits" in mou.terms.data_kinds and self._covers_camera(mou, hit)

    def _shows_pictures(self, mou: Mou, hit: HitRaised) -> bool:
        return "images" in mou.terms.data_kinds and self._covers_camera(mou, hit)

    def _covers_camera(self, mou: Mou, hit: HitRaised) -> bool:
        read, place = hit.read, hit.read.place
        return any(
            scope.covers(read.camera_id, place.latitude, place.longitude) and scope.reaches_back_to(read.captured_at)
            for scope in scopes(mou, self._at)
        )


def _covers_entry(mou: Mou, hit: HitRaised) -> bool:
    terms, entry = mou.terms, hit.entry
    shared = "lists" in terms.data_kinds and entry.list_id in terms.list_ids
    return shared and (not terms.categories or entry.category in terms.categories)


def shared_hit(hit: HitRaised, sequence: int, granted: Granted) -> SharedHit:
    """The hit with what is granted of it, and nothing else."""
    shows, read, entry = granted.shows, hit.read, hit.entry
    return SharedHit(
        id=hit.id,
        sequence=sequence,
        raised_at=hit.raised_at,
        read=SharedRead(
            id=read.id,
            agency_id=read.agency_id,
            camera_id=read.camera_id,
            place=read.place,
            captured_at=read.captured_at,
            plate=read.plate,
            confidence=read.confidence,
            expires_on=read.expires_on,
            state=read.state if "state" in shows else None,
            vehicle=read.vehicle if "vehicle" in shows else None,
            direction=read.direction if "direction" in shows else None,
            below_threshold=read.below_threshold,
        ),
        entry=SharedEntry(
            id=entry.id,
            agency_id=entry.agency_id,
            list_id=entry.list_id,
            plate=entry.plate,
            category=entry.category,
            priority=entry.priority,
            reason=entry.reason,
            case_number=entry.case_number,
            contact=entry.contact,
            source=entry.source,
            state=entry.state,
            vehicle=entry.vehicle,
            instructions=entry.instructions,
            other_information=entry.other_information,
        ),
        comparison=_compared(hit.comparison, shows),
        under=granted.under,
        grade=hit.grade,
        list=hit.list,
        sightings=tuple(
            SharedSighting(
                read_id=one.read_id,
                captured_at=one.captured_at,
                plate=one.plate,
                confidence=one.confidence,
                direction=one.direction if "direction" in shows else None,
            )
            for one in hit.sightings
        ),
        retroactive=hit.retroactive,
        pictures=_pictures(hit) if "pictures" in shows else (),
    )


def _compared(comparison: Comparison, shows: frozenset[Shown]) -> Comparison:
    """The comparison, without what would tell a field that is not shared: the partner knows its own entry."""
    hidden: dict[str, object] = {}
    if "state" not in shows:
        hidden["state"] = "unknown"
    if "vehicle" not in shows:
        hidden["vehicle"] = VehicleComparison()
    return msgspec.structs.replace(comparison, **hidden)


def _pictures(hit: HitRaised) -> tuple[ImageKind, ...]:
    kinds: tuple[ImageKind, ...] = get_args(ImageKind)
    return tuple(kind for kind in kinds if hit.read.images.key(kind) is not None)

"""Hits that are one: the records of an id merged, and the further passes of its vehicle."""

import uuid

import msgspec

from plateward.contracts.hits import HitRaised, Sighting
from plateward.contracts.reads import PlateRead


def merged(one: HitRaised, other: HitRaised) -> HitRaised:
    """Two records of one hit as one, whichever came first: with all sightings, and live where either is."""
    first = min(one, other, key=lambda hit: (hit.retroactive, hit.raised_at))
    sightings = {sighting.read_id: sighting for hit in (one, other) for sighting in hit.sightings}
    sightings.pop(first.read.id, None)
    in_order = sorted(sightings.values(), key=lambda sighting: (sighting.captured_at, sighting.read_id))
    return msgspec.structs.replace(first, sightings=tuple(in_order))


def with_sighting(hit: HitRaised, read: PlateRead) -> HitRaised:
    """The hit, seen once more."""
    sighting = Sighting(
        read_id=read.id,
        captured_at=read.captured_at,
        plate=read.plate,
        confidence=read.confidence,
        images=read.images,
        direction=read.direction,
    )
    return merged(hit, msgspec.structs.replace(hit, sightings=(*hit.sightings, sighting)))


def reads_of(hit: HitRaised) -> frozenset[uuid.UUID]:
    """The reads that the hit is of."""
    return frozenset({hit.read.id, *(sighting.read_id for sighting in hit.sightings)})

"""Purge certificates: what was deleted of an agency's day, when, with which hashes and keys, and what was held back."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec

from plateward.contracts.event import Value, derive_id
from plateward.policy.profile import AgencyProfile

PurgeKind = Literal["reads", "hits", "images", "evidence", "key"]


@dataclass(frozen=True, slots=True)
class PurgedItem:
    """One lot that a purge deleted: rows of a table, images, or a data key."""

    id: int
    agency_id: str
    kind: PurgeKind
    count: int
    sha256: bytes | None
    key_id: uuid.UUID | None
    done_at: datetime


class Lot(Value, frozen=True):
    """So many things of a kind; the SHA-256 is of their ids (16 bytes each) or keys (one a line), in order."""

    kind: PurgeKind
    count: int
    sha256: str
    deleted_at: datetime


class DestroyedKey(Value, frozen=True):
    """A data key that no longer exists: what it sealed opens nowhere, copies and backups included."""

    key_id: uuid.UUID
    destroyed_at: datetime


class HeldBack(Value, frozen=True):
    """What a hold had copied to evidence before the day, and until when it is kept there, and why."""

    hold_id: uuid.UUID
    case_number: str
    requested_by: str
    approved_by: str
    reason: str
    ends_on: date
    items: int


class PurgeCertificate(Value, frozen=True):
    """States that an agency's data of one day of expiry has been deleted for good."""

    id: uuid.UUID
    agency_id: str
    agency: str
    policy: str
    section: str
    day: date
    """The first day on which the data was no longer to be kept."""
    issued_at: datetime
    deleted: tuple[Lot, ...]
    keys_destroyed: tuple[DestroyedKey, ...]
    held_back: tuple[HeldBack, ...]


def certificates(
    day: date,
    items: Iterable[PurgedItem],
    held: Mapping[str, tuple[HeldBack, ...]],
    profiles: Mapping[str, AgencyProfile],
    at: datetime,
) -> list[tuple[PurgeCertificate, list[int]]]:
    """A certificate for each agency of which something was deleted, and the ids of the items that it states."""
    by_agency: dict[str, list[PurgedItem]] = {}
    for item in items:
        by_agency.setdefault(item.agency_id, []).append(item)
    return [
        (_certificate(day, agency_id, of_agency, held.get(agency_id, ()), profiles.get(agency_id), at), ids)
        for agency_id, of_agency in sorted(by_agency.items())
        for ids in [[item.id for item in of_agency]]
    ]


def _certificate(
    day: date,
    agency_id: str,
    items: list[PurgedItem],
    held: tuple[HeldBack, ...],
    profile: AgencyProfile | None,
    at: datetime,
) -> PurgeCertificate:
    return PurgeCertificate(
        # The same items, the same certificate: one that is made again after a crash is no second one.
        id=derive_id("purge", day, agency_id, *sorted(item.id for item in items)),
        agency_id=agency_id,
        agency=profile.name if profile else agency_id,
        policy=profile.policy if profile else "",
        section=profile.retention.section if profile else "",
        day=day,
        issued_at=at,
        deleted=tuple(
            Lot(kind=item.kind, count=item.count, sha256=(item.sha256 or b"").hex(), deleted_at=item.done_at)
            for item in items
            if item.key_id is None
        ),
        keys_destroyed=tuple(
            DestroyedKey(key_id=item.key_id, destroyed_at=item.done_at) for item in items if item.key_id is not None
        ),
        held_back=held,
    )


def statement(certificate: PurgeCertificate) -> str:
    """The JSON that is signed, byte for byte."""
    return msgspec.json.format(msgspec.json.encode(certificate), indent=2).decode()

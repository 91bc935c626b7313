"""Making an entry of what a source says of a vehicle, or saying which rule keeps it out."""

import hashlib
import re
import uuid
from datetime import UTC, datetime
from typing import cast, get_args

import msgspec

from plateward.contracts.event import derive_id, encode
from plateward.contracts.hot_list import Category, HotListEntry, Priority
from plateward.contracts.reads import VehicleDescription
from plateward.plates.confusion import match_key
from plateward.plates.normalise import NotAPlate
from plateward.plates.patterns import is_partial, normalise_listed
from services.gateway.list_sources.designated import DesignatedList
from services.gateway.list_sources.faults import Faulty
from services.gateway.list_sources.record import SourceRecord
from services.gateway.writing import UNSEEN_RULE, holds_unseen

AS_LONG_AS_LISTED = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of an entry whose source names none: it stays until the source's newest file has it no more."""

SET_WHEN_TAKEN = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for when an entry came onto the list, which is known only once it is compared with those before it."""

LINE_MAX, TEXT_MAX = 200, 2000
TEXTS = ("reason", "instructions")
SHORT = ("key", "case_number", "entered_by", "contact", "make", "model", "colour", "kind", "year")

PRIORITIES: dict[Category, Priority] = {
    "amber-alert": "highest",
    "blue-alert": "highest",
    "terrorist-related": "highest",
    "stolen-plate": "routine",
    "other": "routine",
}
"""Where a source names no priority; those not named here are high."""

CATEGORIES, PRIORITY_NAMES = frozenset(get_args(Category)), frozenset(get_args(Priority))

_WHOLE_PLATE = re.compile(r"[A-Z0-9]{1,12}")
_STATE = re.compile(r"[A-Z]{2}")


class Accepted(msgspec.Struct, frozen=True):
    """An entry in the making: `entered_at`, `starts_at` and `version` are set when it is compared with the list."""

    entry_id: uuid.UUID
    match_key: str | None
    """None where every read is to be compared: the plate is partial."""
    digest: str
    """32 hexadecimal digits, of all that the entry says: where they are the same, it is."""
    document: bytes


def accept(record: SourceRecord, designated: DesignatedList) -> Accepted:
    """The entry that a record makes on this list; raises Faulty."""
    entry = _entry(record, designated)
    document = encode(entry)
    digest = hashlib.blake2b(document, digest_size=16).hexdigest()
    return Accepted(entry.id, None if is_partial(entry.plate) else match_key(entry.plate), digest, document)


def _entry(record: SourceRecord, designated: DesignatedList) -> HotListEntry:
    _check_texts(record)
    plate, state = _plate(record), _state(record)
    category = _category(record, designated)
    key = record.key or f"{plate} {state or '-'} {category}"
    entered_by = record.entered_by or designated.source
    return HotListEntry(
        id=derive_id("listed", designated.agency_id, designated.list_id, key),
        list_id=designated.list_id,
        agency_id=designated.agency_id,
        plate=plate,
        category=category,
        priority=_priority(record, category),
        reason=record.reason or f"Listed by {designated.source}",
        case_number=record.case_number or key,
        entered_by=entered_by,
        requested_by=entered_by,
        contact=record.contact or entered_by,
        entered_at=SET_WHEN_TAKEN,
        starts_at=SET_WHEN_TAKEN,
        expires_at=_end(record),
        version=1,
        source=designated.source,
        grade=designated.grade,
        state=state,
        vehicle=_vehicle(record),
        instructions=record.instructions,
    )


def _check_texts(record: SourceRecord) -> None:
    """Nearly all texts are short and plain, seen at one glance; the others are looked at one by one."""
    texts = {name: text for name in (*SHORT, *TEXTS) if (text := getattr(record, name))}
    together = "".join(texts.values())
    if len(together) <= LINE_MAX and together.isascii() and together.isprintable():
        return
    for name, text in texts.items():
        most = TEXT_MAX if name in TEXTS else LINE_MAX
        if len(text) > most:
            raise Faulty(name, f"is longer than {most} characters")
        _check_seen(name, text)


def _check_seen(name: str, text: str) -> None:
    """Most texts are plain; the others are looked at closely."""
    if holds_unseen(text):
        raise Faulty(name, UNSEEN_RULE)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Faulty(name, "holds half a character") from error


def _plate(record: SourceRecord) -> str:
    if _WHOLE_PLATE.fullmatch(record.plate):  # as nearly all are
        return record.plate
    try:
        return normalise_listed(record.plate)
    except NotAPlate as error:
        # What stood there is not said again: the list of rejected lines is no list of plates.
        raise Faulty("plate", "must be 1 to 12 letters A to Z and digits, or a partial plate") from error


def _state(record: SourceRecord) -> str | None:
    if not record.state:
        return None
    if not _STATE.fullmatch(record.state):
        raise Faulty("state", "must be the two capital letters of a state of issue")
    return record.state


def _category(record: SourceRecord, designated: DesignatedList) -> Category:
    category = record.category
    if category not in CATEGORIES:
        raise Faulty("category", f"must be one of: {', '.join(get_args(Category))}")
    if category not in designated.categories:
        raise Faulty("category", f"{category} is not designated for this list")
    return category


def _priority(record: SourceRecord, category: Category) -> Priority:
    if not record.priority:
        return PRIORITIES.get(category, "high")
    if record.priority not in PRIORITY_NAMES:
        raise Faulty("priority", f"must be one of: {', '.join(get_args(Priority))}")
    return cast("Priority", record.priority)


def _end(record: SourceRecord) -> datetime:
    if not record.expires_at:
        return AS_LONG_AS_LISTED
    try:
        end = datetime.fromisoformat(record.expires_at)
        return (end if end.tzinfo else end.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Faulty("expires_at", "must be a date or a time as ISO 8601 writes it") from error


def _vehicle(record: SourceRecord) -> VehicleDescription | None:
    if not (record.make or record.model or record.colour or record.kind or record.year):
        return None
    return VehicleDescription(
        make=record.make or None,
        model=record.model or None,
        colour=record.colour or None,
        kind=record.kind or None,
        features=(record.year,) if record.year else (),
    )

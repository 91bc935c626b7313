"""A hot list and traffic for it, the same at each run: of a thousand reads one is of a listed plate."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from plateward.contracts.event import derive_id, encode
from plateward.contracts.examples import HOT_LIST_ENTRY, PLATE_READ
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList, ListDesignation
from plateward.contracts.reads import Candidate, PlateRead, ReadImages

PARTIAL_PLATES = 1_000
HIT_EVERY = 1_000

_CLEAR = "ACEFHKMNPRTUVWXY"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OTHERS = {"0": "O", "O": "Q", "1": "7", "7": "T", "T": "Y", "B": "8", "8": "3", "S": "5", "M": "N", "V": "Y", "4": "A"}
_SURE, _UNSURE = (0.994, 0.003, 0.001, 0.0005, 0.0002), (0.86, 0.09, 0.03, 0.004, 0.001)
"""Of a read's five spellings. Half of the reads are made unsure here, more than of photographs were seen to be."""


def listed_plate(number: int) -> str:
    """The number-th listed plate, in a Californian shape; no two have one match key."""
    number, series = divmod(number, 1000)
    letters = []
    for _ in range(3):
        number, letter = divmod(number, len(_CLEAR))
        letters.append(_CLEAR[letter])
    return f"{'3479'[number]}{''.join(letters)}{series:03}"


def entries(first: int, last: int, now: datetime) -> Iterator[tuple[bytes, bytes]]:
    """The entries from one number to before another, in force for a day: the key and the value of each one's record."""
    pattern = encode(_entry(0, "PLATE", now)).replace(str(entry_id(0)).encode(), b"ID")
    before, between, after = pattern.replace(b'"PLATE"', b'"ID"').split(b'"ID"')
    for number in range(first, last):
        key = str(entry_id(number)).encode()
        yield key, b'%b"%b"%b"%b"%b' % (before, key, between, listed_plate(number).encode(), after)


def entry_id(number: int) -> uuid.UUID:
    """The id of the number-th entry; partial plates have negative numbers."""
    return uuid.UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835 + 1) % (1 << 128))


def partial_entries(now: datetime) -> Iterator[tuple[bytes, bytes]]:
    """A thousand entries with partial plates in five shapes, which few reads match."""
    some = random.Random(1)
    for number in range(PARTIAL_PLATES):
        known = "".join(some.choices(_LETTERS, k=3)) + f"{some.randrange(1000):03}"
        shapes = (f"8{known[:4]}*", f"8{known[:2]}?{known[3:]}", f"*{known}", f"?{known}", f"*{known[:5]}*")
        entry = _entry(-1 - number, shapes[number % len(shapes)], now)
        yield str(entry.id).encode(), encode(entry)


def reads(count: int, now: datetime, *, hit_every: int = HIT_EVERY, salt: str = "") -> Iterator[PlateRead]:
    """Reads of passing traffic; each thousandth of a listed plate, the others of plates that no list has."""
    some = random.Random(2)
    for number in range(count):
        if number % hit_every == hit_every - 1:
            plate = listed_plate(some.randrange(1_000))
            # A confusable reading of half of them: the 0 of the series as an O.
            plate = plate.replace("0", "O") if some.random() < 0.5 else plate
        else:
            plate = f"6{''.join(some.choices(_LETTERS, k=3))}{some.randrange(1000):03}"
        yield _read(number, plate, now, some, salt)


def the_list() -> HotList:
    """The list that the entries are on: in force, and never stale."""
    return HotList(
        agency_id=HOT_LIST_ENTRY.agency_id,
        list_id=HOT_LIST_ENTRY.list_id,
        name="Bench",
        source=HOT_LIST_ENTRY.source,
        version=1,
        refreshed_at=started(),
        designations=(ListDesignation(source=HOT_LIST_ENTRY.source, categories=(HOT_LIST_ENTRY.category,)),),
    )


def _entry(number: int, plate: str, now: datetime) -> HotListEntry:
    return msgspec.structs.replace(
        HOT_LIST_ENTRY,
        id=entry_id(number),
        plate=plate,
        case_number=f"26-{number % 1_000_000:06}",
        entered_at=now,
        starts_at=now - timedelta(hours=1),
        expires_at=now + timedelta(days=1),
        grade="actionable",
        suspended_at=None,
        awaits_approval=False,
        distribution=(),
        found_by=None,
        near_misses=False,
        area=None,
    )


def _read(number: int, plate: str, now: datetime, some: random.Random, salt: str) -> PlateRead:
    at = some.randrange(1, len(plate))
    spellings = [plate]
    for place in (at, -1, 1, 2):
        other = _OTHERS.get(plate[place], some.choice(_CLEAR))
        spellings.append(plate[:place] + other + plate[place % len(plate) + 1 :])
    falling = _SURE if number % 2 else _UNSURE
    shares = dict(zip(dict.fromkeys(spellings), falling, strict=False))
    read_id = derive_id(f"bench {salt}", number)
    folder = f"2027-03-01/barstow/{read_id}"
    return msgspec.structs.replace(
        PLATE_READ,
        id=read_id,
        frame_id=derive_id("bench frame", number),
        captured_at=now,
        last_seen_at=now + timedelta(seconds=1),
        plate=plate,
        confidence=falling[0],
        candidates=tuple(Candidate(plate=one, confidence=share) for one, share in shares.items()),
        images=ReadImages(plate=f"{folder}/plate.jpg", scene=f"{folder}/scene.jpg"),
        source="recognizer",
        vehicle=None,
        below_threshold=False,
        supersedes=None,
    )


def started() -> datetime:
    """Now, to the second."""
    return datetime.now(UTC).replace(microsecond=0)

"""Rows of `audit.records` in the binary form of COPY (PostgreSQL's manual, COPY, Binary Format).

Written out by hand: it is done for each record, and a general encoder takes as long as all the hashing.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from services.audit.appending import Entry

COLUMNS = ("seq", *Entry._fields)

CHUNK_ROWS = 64
"""So many rows are sent at once; between them the connection gets a turn, so that the server is never kept waiting."""

_HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack("!ii", 0, 0)
_TRAILER = struct.pack("!h", -1)
_NULL = struct.pack("!i", -1)
_IDS = struct.Struct("!hiqi16si16s")
_TIME = struct.Struct("!iq")
_LENGTH = struct.Struct("!i")
_LEAF_LENGTH = _LENGTH.pack(32)
_TEXT_OID = 25
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


async def copied(entries: Iterable[Entry], first: int) -> AsyncIterator[bytes]:
    """The rows of these entries, numbered from `first` on, in chunks."""
    parts, rows = [_HEADER], 0
    for seq, entry in enumerate(entries, first):
        record_id, access_id, agency_id, at, others, canonical, leaf_hash = entry
        parts += (
            _IDS.pack(len(COLUMNS), 8, seq, 16, record_id.bytes, 16, access_id.bytes),
            _text(agency_id),
            _TIME.pack(8, (at - _EPOCH) // _MICROSECOND),
            _texts(others),
            _LENGTH.pack(len(canonical)),
            canonical,
            _LEAF_LENGTH,
            leaf_hash,
        )
        rows += 1
        if rows == CHUNK_ROWS:
            yield b"".join(parts)
            parts, rows = [], 0
            await asyncio.sleep(0)
    parts.append(_TRAILER)
    yield b"".join(parts)


@lru_cache(maxsize=1024)
def _text(text: str) -> bytes:
    encoded = text.encode()
    return _LENGTH.pack(len(encoded)) + encoded


@lru_cache(maxsize=1024)
def _texts(texts: tuple[str, ...] | None) -> bytes:
    if texts is None:
        return _NULL
    array = struct.pack("!iiiii", 1, 0, _TEXT_OID, len(texts), 1) + b"".join(map(_text, texts))
    return _LENGTH.pack(len(array)) + array

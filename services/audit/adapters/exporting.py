"""The log, and single records, as files: for those who may reach the database."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg

from plateward.contracts.access import PHASES, AccessRecord, access_record_id
from plateward.contracts.event import ContractError, decode
from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.evidence import InclusionEvidence
from plateward.tlog.notes import SignedNote
from services.audit.adapters.checkpoint_store import CheckpointStore
from services.audit.appending import Entry, entry_of
from services.audit.tree import TreeDamaged

RECORDS = "records.jsonl"
CHECKPOINT = "checkpoint"

_AT_ONCE = 10_000
_ROWS = f"SELECT {', '.join(Entry._fields)} FROM audit.records WHERE seq >= $1 AND seq < $2 ORDER BY seq"  # noqa: S608


class Export:
    """Writes what the log holds, as it holds it; whether that is what was signed, `plateward verify` says."""

    def __init__(self, pool: asyncpg.Pool, *, stamped: bool = False) -> None:
        """`stamped`: under the newest checkpoint that an authority has stamped, and not simply the newest."""
        self._pool, self._store, self._stamped = pool, CheckpointStore(pool), stamped

    async def write_log(self, folder: Path) -> int:
        """All records under the checkpoint, a line each, and it; gives their number. Raises TreeDamaged."""
        note = await self._checkpoint()
        written = 0
        with (folder / RECORDS).open("wb") as lines:
            async for entry in self._entries(checkpoint_of(note).size):
                lines.write(entry.canonical + b"\n")
                written += 1
        (folder / CHECKPOINT).write_text(str(note), encoding="utf-8")
        return written

    async def write_look(self, access_id: uuid.UUID, folder: Path) -> list[Path]:
        """A file in this folder for each record of a look, with its proof; raises TreeDamaged."""
        note, written = await self._checkpoint(), list[Path]()
        for phase in PHASES:
            evidence = await self._evidence(access_record_id(access_id, phase), note)
            if evidence is not None:
                file = folder / f"{access_id}-{phase}.tlog-proof"
                file.write_text(str(evidence), encoding="utf-8")
                written.append(file)
        return written

    async def _evidence(self, record_id: uuid.UUID, note: SignedNote) -> InclusionEvidence | None:
        place = await self._store.place_of(record_id)
        if place is None or place >= checkpoint_of(note).size:
            return None
        proven = await self._store.prove_inclusion(place, note)
        canonical = await self._pool.fetchval("SELECT canonical FROM audit.records WHERE seq = $1", place)
        return InclusionEvidence(proven.index, proven.path, proven.checkpoint, canonical)

    async def _checkpoint(self) -> SignedNote:
        note = await (self._store.stamped() if self._stamped else self._store.checkpoint())
        if note is None:
            raise TreeDamaged(f"the log has no {'time-stamped ' if self._stamped else ''}checkpoint")
        return note

    async def _entries(self, size: int) -> AsyncIterator[Entry]:
        for start in range(0, size, _AT_ONCE):
            for place, row in enumerate(await self._pool.fetch(_ROWS, start, min(start + _AT_ONCE, size)), start):
                entry = Entry(*row)
                yield _as_recorded(entry._replace(others=tuple(entry.others) if entry.others else None), place)


def _as_recorded(entry: Entry, place: int) -> Entry:
    """The entry, where the columns beside the record say what the record says."""
    try:
        if entry_of(decode(entry.canonical, AccessRecord)) == entry:
            return entry
    except ContractError as error:
        raise TreeDamaged(f"record {place} is no access record: {error}") from error
    raise TreeDamaged(f"the columns of record {place} are not what the record says")

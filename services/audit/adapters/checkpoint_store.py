"""Checkpoints, cosignatures and proofs out of PostgreSQL."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg

from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.evidence import ConsistencyEvidence, InclusionEvidence
from plateward.tlog.growing import RightEdge
from plateward.tlog.notes import Signature, SignedNote, parse_note, parse_signatures
from plateward.tlog.proving import Span, consistency_spans, inclusion_spans, proof_of, subtrees_of
from services.audit.adapters.tree_store import read_edge, read_row, read_subtrees

SIGNER_LOCK = 0x41554455
"""The advisory lock of whoever signs."""

_NEWEST = "SELECT note FROM audit.checkpoints ORDER BY size DESC LIMIT 1"
_COSIGNED = """
SELECT note, coalesce((SELECT string_agg(line, '' ORDER BY witness) FROM audit.cosignatures WHERE size = c.size), '')
    || coalesce((SELECT string_agg(line, '' ORDER BY authority) FROM audit.timestamps WHERE size = c.size), '')
FROM audit.checkpoints c WHERE size = coalesce($1, (SELECT max(size) FROM audit.checkpoints))
"""
_STAMPED_SIZE = "SELECT max(size) FROM audit.timestamps"
_KEEP_COSIGNATURE = """
INSERT INTO audit.cosignatures (size, witness, line) VALUES ($1, $2, $3)
ON CONFLICT (size, witness) DO UPDATE SET line = excluded.line
"""


class CheckpointStore:
    """What is signed, and what can be proven of it. What it reads of the tree is never changed, so it needs no lock."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def signing(self) -> AsyncIterator["LockedLog"]:
        """The log, for one signer at a time among all processes."""
        # Read committed: what is read after the lock is had is what the signer before has committed.
        async with self._pool.acquire() as connection, connection.transaction(isolation="read_committed"):
            await connection.execute("SELECT pg_advisory_xact_lock($1)", SIGNER_LOCK)
            yield LockedLog(connection)

    async def checkpoint(self, size: int | None = None) -> SignedNote | None:
        """The checkpoint at this size, or the newest, with its cosignatures and time-stamps."""
        row = await self._pool.fetchrow(_COSIGNED, size)
        if row is None:
            return None
        note, lines = row
        return parse_note(note).with_signature(*(parse_signatures(lines) if lines else ()))

    async def stamped(self) -> SignedNote | None:
        """The newest checkpoint that an authority has stamped."""
        size = await self._pool.fetchval(_STAMPED_SIZE)
        return None if size is None else await self.checkpoint(size)

    async def keep_cosignature(self, size: int, signature: Signature) -> None:
        """Keeps the latest of its witness for the checkpoint of this size."""
        await self._pool.execute(_KEEP_COSIGNATURE, size, signature.name, signature.line())

    async def place_of(self, record_id: uuid.UUID) -> int | None:
        """The number of the record with this id."""
        place: int | None = await self._pool.fetchval("SELECT seq FROM audit.records WHERE id = $1", record_id)
        return place

    async def prove_inclusion(self, index: int, note: SignedNote) -> InclusionEvidence:
        """That a record is under this checkpoint; raises ValueError where it is not, and TreeDamaged."""
        spans = inclusion_spans(index, checkpoint_of(note).size)
        return InclusionEvidence(index, await self._proof(spans), note)

    async def prove_consistency(self, first: int, note: SignedNote) -> ConsistencyEvidence:
        """That so many records are the beginning of this checkpoint's; raises ValueError, and TreeDamaged."""
        spans = consistency_spans(first, checkpoint_of(note).size)
        return ConsistencyEvidence(first, await self._proof(spans), note)

    async def row(self, level: int, start: int, end: int) -> list[bytes]:
        """The hashes of a level from `start` up to, and without, `end`; raises TreeDamaged where any is missing."""
        async with self._pool.acquire() as connection:
            return await read_row(connection, level, start, end)

    async def _proof(self, spans: list[Span]) -> tuple[bytes, ...]:
        async with self._pool.acquire() as connection:
            return proof_of(spans, await read_subtrees(connection, subtrees_of(spans)))


class LockedLog:
    """The stored log while this process alone signs it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def newest(self) -> SignedNote | None:
        """The checkpoint of the longest log that was signed."""
        note: str | None = await self._connection.fetchval(_NEWEST)
        return parse_note(note) if note else None

    async def edge(self) -> RightEdge:
        """The log's right edge as it is now; raises TreeDamaged."""
        return await read_edge(self._connection)

    async def prove(self, first: int, second: int) -> tuple[bytes, ...]:
        """That the log of `first` records is the beginning of that of `second`; raises TreeDamaged."""
        spans = consistency_spans(first, second)
        return proof_of(spans, await read_subtrees(self._connection, subtrees_of(spans)))

    async def keep(self, note: SignedNote, at: datetime) -> None:
        """Keeps a new checkpoint."""
        size = checkpoint_of(note).size
        await self._connection.execute("INSERT INTO audit.checkpoints VALUES ($1, $2, $3)", size, str(note), at)

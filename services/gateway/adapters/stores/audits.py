"""Audits in PostgreSQL."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from plateward.contracts.access import Actor
from plateward.policy.sampling import Window
from services.gateway.audits.audit import Audit, Judgement, Sampled, Seed, Told

_JUDGED = """
SELECT s.audit_id, s.place, s.record_id, j.verdict, j.data_errors, j.note, j.by, j.at
  FROM audit_samples s
  LEFT JOIN LATERAL (
      SELECT * FROM audit_judgements WHERE audit_id = s.audit_id AND place = s.place ORDER BY id DESC LIMIT 1
  ) j ON true
 WHERE s.audit_id = ANY($1) ORDER BY s.place
"""
_COLUMNS = (
    "id, agency_id, since, until, sample_size, access_id, opened_by, opened_at, checkpoint, size, root, population,"
    " closed, reviewer, reviewed"
)


class PostgresAudits:
    """The tables `audits`, `audit_samples` and `audit_judgements`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begun_at(self, agency_id: str) -> datetime | None:
        """When the agency got its first account."""
        at: datetime | None = await self._pool.fetchval(
            "SELECT min(created_at) FROM people WHERE agency_id = $1", agency_id
        )
        return at

    async def open(self, audit: Audit) -> bool:
        """Keeps a new audit; False while another of the agency is open."""
        window = audit.window
        done: str = await self._pool.execute(
            """
            INSERT INTO audits (id, agency_id, since, until, sample_size, access_id, opened_by, opened_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (agency_id) WHERE closed IS NULL DO NOTHING
            """,
            *(audit.id, window.agency_id, window.since, window.until, audit.sample_size, audit.access_id),
            *(msgspec.to_builtins(audit.opened_by), audit.opened_at),
        )
        return done == "INSERT 0 1"

    async def of_agency(self, agency_id: str) -> list[Audit]:
        """The agency's audits, newest first."""
        rows = await self._pool.fetch(
            f"SELECT {_COLUMNS} FROM audits WHERE agency_id = $1 ORDER BY opened_at DESC LIMIT 500",  # noqa: S608
            agency_id,
        )
        return await self._whole(rows)

    async def waiting(self, agencies: Sequence[str]) -> list[Audit]:
        """The audits of these agencies that have no sample yet."""
        rows = await self._pool.fetch(
            f"SELECT {_COLUMNS} FROM audits WHERE agency_id = ANY($1) AND checkpoint IS NULL AND closed IS NULL",  # noqa: S608
            list(agencies),
        )
        return await self._whole(rows)

    async def last_closed_at(self, agency_id: str) -> datetime | None:
        """When the agency last closed an audit."""
        at: datetime | None = await self._pool.fetchval(
            "SELECT max((closed ->> 'at')::timestamptz) FROM audits WHERE agency_id = $1", agency_id
        )
        return at

    async def one(self, audit_id: uuid.UUID, agency_id: str) -> Audit | None:
        """An audit of the agency."""
        rows = await self._pool.fetch(
            f"SELECT {_COLUMNS} FROM audits WHERE id = $1 AND agency_id = $2",  # noqa: S608
            *(audit_id, agency_id),
        )
        return next(iter(await self._whole(rows)), None)

    async def keep_sample(self, audit: Audit) -> None:
        """Keeps seed and sample, where none is kept yet."""
        assert audit.seed is not None
        seed = audit.seed
        async with self._pool.acquire() as connection, connection.transaction():
            done = await connection.execute(
                """
                UPDATE audits SET checkpoint = $2, size = $3, root = $4, population = $5
                 WHERE id = $1 AND checkpoint IS NULL
                """,
                *(audit.id, seed.checkpoint, seed.size, seed.root, seed.population),
            )
            if done == "UPDATE 1":
                await connection.executemany(
                    "INSERT INTO audit_samples (audit_id, place, record_id) VALUES ($1, $2, $3)",
                    [(audit.id, one.place, one.record_id) for one in audit.sample],
                )

    async def judge(self, audit_id: uuid.UUID, sampled: Sampled) -> None:
        """Keeps a verdict; the one before it, if any, is kept beside it."""
        judgement = sampled.judgement
        assert judgement is not None
        await self._pool.execute(
            """
            INSERT INTO audit_judgements (audit_id, place, verdict, data_errors, note, by, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            *(audit_id, sampled.place, judgement.verdict, judgement.data_errors, judgement.note),
            *(msgspec.to_builtins(judgement.by), judgement.at),
        )

    async def close(self, audit: Audit, memorandum: bytes) -> bool:
        """Keeps the close with its memorandum; False when it has been closed meanwhile."""
        done: str = await self._pool.execute(
            "UPDATE audits SET closed = $2, reviewer = $3, memorandum = $4 WHERE id = $1 AND closed IS NULL",
            *(audit.id, _document(audit.closed), audit.reviewer, memorandum),
        )
        return done == "UPDATE 1"

    async def file(self, audit: Audit, memorandum: bytes) -> bool:
        """Keeps the review with the memorandum that carries it; False when it has been reviewed meanwhile."""
        done: str = await self._pool.execute(
            "UPDATE audits SET reviewed = $2, memorandum = $3 WHERE id = $1 AND reviewed IS NULL",
            *(audit.id, _document(audit.reviewed), memorandum),
        )
        return done == "UPDATE 1"

    async def memorandum(self, audit_id: uuid.UUID) -> bytes | None:
        """The newest memorandum of an audit."""
        document: bytes | None = await self._pool.fetchval("SELECT memorandum FROM audits WHERE id = $1", audit_id)
        return document

    async def _whole(self, rows: Sequence[asyncpg.Record]) -> list[Audit]:
        samples: dict[uuid.UUID, list[Sampled]] = defaultdict(list)
        for row in await self._pool.fetch(_JUDGED, [row["id"] for row in rows]):
            samples[row["audit_id"]].append(Sampled(row["place"], row["record_id"], _judgement(row)))
        return [_audit(row, tuple(samples[row["id"]])) for row in rows]


def _audit(row: asyncpg.Record, sample: tuple[Sampled, ...]) -> Audit:
    seed = None
    if row["checkpoint"] is not None:
        seed = Seed(row["checkpoint"], row["size"], row["root"], row["population"])
    return Audit(
        id=row["id"],
        window=Window(row["agency_id"], row["since"], row["until"]),
        sample_size=row["sample_size"],
        access_id=row["access_id"],
        opened_by=msgspec.convert(row["opened_by"], Actor),
        opened_at=row["opened_at"],
        seed=seed,
        sample=sample,
        closed=_told(row["closed"]),
        reviewer=row["reviewer"],
        reviewed=_told(row["reviewed"]),
    )


def _judgement(row: asyncpg.Record) -> Judgement | None:
    if row["verdict"] is None:
        return None
    by = msgspec.convert(row["by"], Actor)
    return Judgement(row["verdict"], row["data_errors"], row["note"], by, row["at"])


def _document(told: Told | None) -> dict[str, Any]:
    assert told is not None
    return {
        "person": told.by.person_id,
        "by": msgspec.to_builtins(told.by),
        "at": told.at.isoformat(),
        "statement": told.statement,
    }


def _told(document: dict[str, Any] | None) -> Told | None:
    if document is None:
        return None
    by = msgspec.convert(document["by"], Actor)
    return Told(by, datetime.fromisoformat(document["at"]), document["statement"])

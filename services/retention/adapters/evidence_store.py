"""Evidence in PostgreSQL and the blob store: copies of what a hold names, sealed under the hold's own data key."""

import json
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import asyncpg
import msgspec

from plateward.kernel.blobs import NoSuchBlob
from plateward.kernel.images import SealedImages
from plateward.kernel.keys import Keyring
from plateward.kernel.sealing import DataKey, open_sealed, seal
from services.retention.holds import Hold
from services.retention.images import evidence_folder

HELD: Mapping[str, str] = {
    "read": "SELECT id, expires_on, to_jsonb(r) || jsonb_build_object('document', d.document) AS document"
    " FROM retention.reads r JOIN retention.read_documents d USING (id, expires_on)"
    " WHERE id = ANY($1) AND agency_id = $2",
    "hit": "SELECT id, expires_on, to_jsonb(h) AS document FROM retention.hits h"
    " WHERE read_id = ANY($1) AND camera_agency_id = $2",
}


class NotFound(KeyError):
    """Reads that the hold names are not there: they are another agency's, or their day has come."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in evidence, opened."""

    kind: str
    id: uuid.UUID
    expires_on: date
    document: Any


class EvidenceStore:
    """The tables `retention.holds`, `evidence` and `custody`, and the images of evidence."""

    def __init__(self, pool: asyncpg.Pool, keyring: Keyring, images: SealedImages) -> None:
        self._pool, self._keyring, self._images = pool, keyring, images

    async def place(self, hold: Hold) -> int:
        """Copies what the hold names, and returns how many things that were; done again, it ends the same.

        Raises NotFound, with nothing marked as held, where a read is not there.
        """
        await self._pool.execute(
            "INSERT INTO retention.holds (id, agency_id, case_number, reason, requested_by, requested_at, approved_by,"
            " approved_at, ends_on, read_ids) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
            *[list(value) if isinstance(value, tuple) else value for value in asdict(hold).values()],
        )
        key = await self._keyring.to_seal(evidence_folder(hold.agency_id, hold.id), hold.ends_on)
        found = {kind: await self._pool.fetch(ask, list(hold.read_ids), hold.agency_id) for kind, ask in HELD.items()}
        missing = set(hold.read_ids) - {row["id"] for row in found["read"]}
        if missing:
            raise NotFound(", ".join(sorted(map(str, missing))))
        for row in found["read"]:
            await self._copy_images(hold, row)
        async with self._pool.acquire() as connection, connection.transaction():
            for kind, rows in found.items():
                for row in rows:
                    await _keep(connection, hold, key, kind, row)
            await connection.execute("UPDATE retention.holds SET copied_at = now() WHERE id = $1", hold.id)
            await _note(connection, hold.id, f"{hold.requested_by}; {hold.approved_by}", "copied to evidence")
        return sum(map(len, found.values()))

    async def hold(self, hold_id: uuid.UUID) -> Hold:
        """A hold; raises KeyError."""
        row = await self._pool.fetchrow("SELECT * FROM retention.holds WHERE id = $1", hold_id)
        if row is None:
            raise KeyError(hold_id)
        fields = {name: value for name, value in dict(row).items() if name != "copied_at"}
        return Hold(**(fields | {"read_ids": tuple(row["read_ids"])}))

    async def items(self, hold: Hold) -> list[Item]:
        """What is in evidence for the hold, opened; raises KeyGone once its day has come."""
        key = await self._keyring.to_open(evidence_folder(hold.agency_id, hold.id), hold.ends_on)
        rows = await self._pool.fetch(
            "SELECT kind, id, expires_on, document FROM retention.evidence WHERE hold_id = $1 ORDER BY kind, id",
            hold.id,
        )
        return [
            Item(
                row["kind"],
                row["id"],
                row["expires_on"],
                json.loads(open_sealed(key, row["document"], _place(hold, row))),
            )
            for row in rows
        ]

    async def pictures(self, hold: Hold, read_id: uuid.UUID) -> AsyncIterator[tuple[str, bytes]]:
        """The pictures of a read in evidence, by what they show."""
        for kind in ("plate", "scene"):
            try:
                yield kind, await self._images.get(_image_key(hold, read_id, kind))
            except NoSuchBlob:
                continue

    async def custody(self, hold_id: uuid.UUID) -> list[dict[str, Any]]:
        """What was done with the evidence, oldest first."""
        rows = await self._pool.fetch(
            "SELECT at, who, what, sha256 FROM retention.custody WHERE hold_id = $1 ORDER BY id", hold_id
        )
        return [dict(row) for row in rows]

    async def note(self, hold_id: uuid.UUID, who: str, what: str, sha256: str | None = None) -> None:
        """Adds to the chain of custody."""
        await _note(self._pool, hold_id, who, what, sha256)

    async def _copy_images(self, hold: Hold, row: asyncpg.Record) -> None:
        for kind in ("plate", "scene"):
            key = row["document"][f"{kind}_image"]
            if key is not None:
                await self._images.put(_image_key(hold, row["id"], kind), await self._images.get(key))


async def _keep(connection: asyncpg.Connection, hold: Hold, key: DataKey, kind: str, row: asyncpg.Record) -> None:
    place = _place(hold, {"kind": kind, "id": row["id"]})
    await connection.execute(
        "INSERT INTO retention.evidence (hold_id, kind, id, expires_on, ends_on, document)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        *(hold.id, kind, row["id"], row["expires_on"], hold.ends_on),
        seal(key, msgspec.json.encode(row["document"]), place),
    )


async def _note(
    connection: asyncpg.Connection | asyncpg.Pool, hold_id: uuid.UUID, who: str, what: str, sha256: str | None = None
) -> None:
    await connection.execute(
        "INSERT INTO retention.custody (hold_id, at, who, what, sha256) VALUES ($1, now(), $2, $3, $4)",
        *(hold_id, who, what, sha256),
    )


def _place(hold: Hold, row: Any) -> str:
    return f"evidence/{hold.id}/{row['kind']}/{row['id']}"


def _image_key(hold: Hold, read_id: uuid.UUID, kind: str) -> str:
    return f"{hold.ends_on.isoformat()}/{evidence_folder(hold.agency_id, hold.id)}/{read_id}/{kind}.jpg"

"""Rows in backups: a file for each table, day and agency, sealed under that agency's data key of that day.

A file is a row of lengths (4 bytes) and sealed pieces, each for its own place in its own file; the last one says so, so
that a file cut short does not open.
"""

import struct
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg

from plateward.kernel.keys import KeyGone, Keyring
from plateward.kernel.sealing import Unopenable, open_sealed, seal
from services.retention.adapters.partition_store import PartitionStore
from services.retention.adapters.purge_rows import OWNERS, RowsRemoval
from services.retention.partitions import TABLES, Table, partition_name

PIECE_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Archived:
    """One file: where it belongs, and whether it could be opened when it was restored."""

    table: Table
    day: date
    agency_id: str
    dark: bool = False


class RowArchives:
    """Writes the rows of reads and hits into a folder, and reads them back for as long as their keys live."""

    def __init__(self, pool: asyncpg.Pool, keyring: Keyring) -> None:
        self._pool, self._keyring = pool, keyring

    async def write(self, folder: Path, today: date) -> list[Archived]:
        """A file for each table, day and agency with rows that are still kept."""
        written = []
        for table in TABLES:
            for day in sorted(await RowsRemoval(self._pool, table).days(date.max)):
                if day > today:
                    written += [one async for one in self._write_day(folder, table, day)]
        return written

    async def restore(self, folder: Path) -> list[Archived]:
        """Puts back what opens: a file whose key is destroyed, or whose day has come, is dark, and stays so.

        Raises Unopenable for a file that was changed, cut short or moved.
        """
        return [await self._read(folder, file) for file in _files(folder)]

    async def _write_day(self, folder: Path, table: Table, day: date) -> AsyncIterator[Archived]:
        owner, owned = OWNERS.get(table, OWNERS["reads"]), _owned(table, day)
        for (agency_id,) in await self._pool.fetch(f"SELECT DISTINCT owned.{owner} {owned}"):
            key = await self._keyring.to_seal(agency_id, day)
            rows = bytearray()
            async with self._pool.acquire() as connection:
                await connection.copy_from_query(
                    f"SELECT kept.* {owned} WHERE owned.{owner} = $1",
                    agency_id,
                    output=_Into(rows),
                    format="csv",
                    header=True,
                )
            file = folder / table / day.isoformat() / f"{agency_id}.sealed"
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as written:
                for piece, place in _pieces(bytes(rows), _name(folder, file)):
                    sealed = seal(key, piece, place)
                    written.write(_LENGTH.pack(len(sealed)) + sealed)
            yield Archived(table, day, agency_id)

    async def _read(self, folder: Path, file: Path) -> Archived:
        table, day, agency_id = _table(file.parts[-3]), date.fromisoformat(file.parts[-2]), file.stem
        try:
            key = await self._keyring.to_open(agency_id, day)
        except KeyGone:
            return Archived(table, day, agency_id, dark=True)
        sealed = _sealed_in(file)
        name = _name(folder, file)
        rows = b"".join(
            open_sealed(key, piece, _place(name, number, last=number == len(sealed) - 1))
            for number, piece in enumerate(sealed)
        )
        await PartitionStore(self._pool).ensure(table, [day])
        async with self._pool.acquire() as connection:
            columns = rows.split(b"\n", 1)[0].decode().split(",")
            await connection.copy_to_table(
                table, schema_name="retention", source=_chunks(rows), columns=columns, format="csv", header=True
            )
        return Archived(table, day, agency_id)


class _Into:
    """What COPY writes to."""

    def __init__(self, rows: bytearray) -> None:
        self._rows = rows

    async def __call__(self, data: bytes) -> None:
        self._rows += data


async def _chunks(rows: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(rows), PIECE_BYTES):
        yield rows[start : start + PIECE_BYTES]


def _pieces(rows: bytes, name: str) -> Iterator[tuple[bytes, str]]:
    starts = range(0, max(len(rows), 1), PIECE_BYTES)
    for number, start in enumerate(starts):
        yield rows[start : start + PIECE_BYTES], _place(name, number, last=number == len(starts) - 1)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*/*.sealed"))


def _sealed_in(file: Path) -> list[bytes]:
    data, pieces = file.read_bytes(), []
    while data:
        (length,) = _LENGTH.unpack_from(data.ljust(_LENGTH.size, b"\0"))
        pieces.append(data[_LENGTH.size : _LENGTH.size + length])
        data = data[_LENGTH.size + length :]
    return pieces


def _name(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix()


def _place(name: str, number: int, *, last: bool) -> str:
    return f"backup/{name}#{number}{' last' if last else ''}"


def _owned(table: Table, day: date) -> str:
    """The rows of a partition, as `kept`, with the rows that say whose they are: a document is its read's."""
    partition, reads = f"retention.{partition_name(table, day)}", f"retention.{partition_name('reads', day)}"
    return f"FROM {partition} kept JOIN {partition if table in OWNERS else reads} owned USING (id)"


def _table(name: str) -> Table:
    for table in TABLES:
        if table == name:
            return table
    raise Unopenable(f"{name}: is no table of rows")

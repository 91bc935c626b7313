"""The lines of a list's file in PostgreSQL, and all that they change there: in sets, never one by one."""

import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import asyncpg

from plateward.contracts.topics import HOT_LIST
from services.gateway.adapters.outgoing import IN_TURN, OUTBOX_CHANNEL
from services.gateway.list_sources.reading import COPIED

TABLES = """
CREATE TEMPORARY TABLE staged (
    line bigint NOT NULL, line_digest uuid, entry_id uuid, match_key text COLLATE "C", digest uuid, document text,
    field text, rule text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE arrived (
    line bigint NOT NULL, line_digest uuid NOT NULL, entry_id uuid NOT NULL, digest uuid NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE changing (
    entry_id uuid NOT NULL, line_digest uuid NOT NULL, digest uuid NOT NULL, version bigint NOT NULL,
    entered_at timestamptz NOT NULL, is_new boolean NOT NULL, match_key text COLLATE "C", document jsonb NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE leaving (entry_id uuid NOT NULL) ON COMMIT DROP;
"""

ARRIVED = """
INSERT INTO arrived
SELECT s.line, s.line_digest, coalesce(s.entry_id, r.entry_id), coalesce(s.digest, r.digest)
  FROM staged s LEFT JOIN listed_records r
    ON s.entry_id IS NULL AND r.agency_id = $1 AND r.list_id = $2 AND r.line_digest = s.line_digest
 WHERE s.rule IS NULL
"""
"""What the lines stand for: of those that are known by their digests, the list says which entries they are."""

AGAIN = """
WITH again AS (
    DELETE FROM arrived a USING arrived later WHERE a.entry_id = later.entry_id AND a.line < later.line
    RETURNING a.line
)
UPDATE staged s SET field = 'line', rule = 'is a record that stands once more further down'
  FROM again WHERE s.line = again.line
"""

CHANGING = """
INSERT INTO changing
SELECT a.entry_id, a.line_digest, a.digest, coalesce(r.version, 0) + 1, coalesce(r.entered_at, $1), r.entry_id IS NULL,
       s.match_key,
       s.document::jsonb || jsonb_build_object(
           'version', coalesce(r.version, 0) + 1,
           'entered_at', coalesce(r.entered_at, $1),
           'starts_at', coalesce(r.entered_at, $1))
  FROM arrived a
  LEFT JOIN listed_records r ON r.entry_id = a.entry_id
  JOIN staged s ON s.line = a.line
 WHERE r.digest IS DISTINCT FROM a.digest
"""

REWRITTEN = """
UPDATE listed_records r SET line_digest = a.line_digest FROM arrived a
 WHERE r.entry_id = a.entry_id AND r.digest = a.digest AND r.line_digest <> a.line_digest
"""
"""Lines that are written in another way and say the same."""

LEAVING = """
WITH gone AS (
    DELETE FROM listed_records r
     WHERE r.agency_id = $1 AND r.list_id = $2 AND NOT EXISTS (SELECT FROM arrived a WHERE a.entry_id = r.entry_id)
    RETURNING r.entry_id
)
INSERT INTO leaving SELECT entry_id FROM gone
"""

LISTED = """
INSERT INTO listed_records (entry_id, agency_id, list_id, line_digest, digest, version, entered_at)
SELECT entry_id, $1, $2, line_digest, digest, version, entered_at FROM changing
ON CONFLICT (entry_id) DO UPDATE
   SET line_digest = excluded.line_digest, digest = excluded.digest, version = excluded.version
"""

ENDED = """
UPDATE entry_versions SET until_at = $1
 WHERE until_at IS NULL
   AND entry_id IN (SELECT entry_id FROM leaving UNION ALL SELECT entry_id FROM changing WHERE NOT is_new)
"""

BEGUN = """
INSERT INTO entry_versions (entry_id, from_at, match_key, document)
SELECT entry_id, $1::timestamptz, match_key, document FROM changing
"""

SENT = """
INSERT INTO outbox (topic, key, value, event_id, made_at, lane)
SELECT $1, entry_id::text, convert_to(document::text, 'UTF8'), gen_random_uuid(), $2::timestamptz, $3::smallint
  FROM changing
UNION ALL
SELECT $1, entry_id::text, NULL::bytea, gen_random_uuid(), $2::timestamptz, $3::smallint FROM leaving
"""

HELD = """
INSERT INTO held_lines (refresh_id, line, line_digest, entry_id, match_key, digest, document)
SELECT $1, a.line, a.line_digest, a.entry_id, s.match_key, a.digest, s.document
  FROM arrived a JOIN staged s ON s.line = a.line
"""

TAKEN_UP = """
INSERT INTO staged (line, line_digest, entry_id, match_key, digest, document)
SELECT line, line_digest, entry_id, match_key, digest, document FROM held_lines WHERE refresh_id = $1
"""


class ListLines:
    """The lines of one file of one list, on a connection whose transaction takes them in."""

    def __init__(self, connection: asyncpg.Connection, agency_id: str, list_id: str) -> None:
        self._connection, self._list = connection, (agency_id, list_id)

    async def stage(self, rows: AsyncIterable[bytes]) -> None:
        """Takes rows as `copied` writes them; a record that stands there twice holds as it stands last."""
        await self._connection.execute(TABLES)
        await self._connection.copy_to_table("staged", source=rows, columns=COPIED, schema_name="pg_temp")
        await self._make_out()

    async def take_up(self, refresh_id: object) -> None:
        """Takes the lines that were held of a file."""
        await self._connection.execute(TABLES)
        await self._connection.execute(TAKEN_UP, refresh_id)
        await self._make_out()

    async def _make_out(self) -> None:
        await self._connection.execute("ANALYZE staged")
        await self._connection.execute(ARRIVED, *self._list)
        await self._connection.execute("ANALYZE arrived")
        await self._connection.execute(AGAIN)

    async def counts(self) -> tuple[int, int]:
        """How many lines are taken, and how many rejected."""
        row = await self._connection.fetchrow(
            "SELECT (SELECT count(*) FROM arrived) AS accepted,"
            " (SELECT count(*) FROM staged WHERE rule IS NOT NULL) AS rejected"
        )
        assert row is not None
        return row["accepted"], row["rejected"]

    async def hold(self, refresh_id: object) -> None:
        """Keeps the lines until somebody decides."""
        await self._connection.execute(HELD, refresh_id)

    async def keep_rejected(self, refresh_id: object, at_most: int) -> None:
        """Keeps the first of the lines that were rejected."""
        await self._connection.execute(
            "INSERT INTO rejected_lines SELECT $1, line, field, rule FROM staged WHERE rule IS NOT NULL"
            " ORDER BY line LIMIT $2",
            *(refresh_id, at_most),
        )

    async def replace(self, at: datetime) -> tuple[int, int, int]:
        """Makes the list what the lines say, and has the differences sent: how many were added, changed, removed."""
        execute = self._connection.execute
        await execute(LEAVING, *self._list)
        await execute(CHANGING, at)
        await execute(REWRITTEN)
        await execute("ANALYZE changing, leaving")
        await execute(LISTED, *self._list)
        await execute(ENDED, at)
        await execute(BEGUN, at)
        await execute(SENT, HOT_LIST.name, at, IN_TURN)
        await execute(f"NOTIFY {OUTBOX_CHANNEL}")
        row = await self._connection.fetchrow(
            "SELECT count(*) FILTER (WHERE is_new) AS added, count(*) FILTER (WHERE NOT is_new) AS changed,"
            " (SELECT count(*) FROM leaving) AS removed FROM changing"
        )
        assert row is not None
        return row["added"], row["changed"], row["removed"]


@asynccontextmanager
async def known_lines(connection: asyncpg.Connection, agency_id: str, list_id: str) -> AsyncIterator[Path]:
    """A file of the digests of the list's lines, one a line, for as long as the block lasts."""
    with tempfile.NamedTemporaryFile(prefix="plateward-known-") as file:
        await connection.copy_from_query(
            "SELECT replace(line_digest::text, '-', '') FROM listed_records WHERE agency_id = $1 AND list_id = $2",
            *(agency_id, list_id),
            output=file.name,
        )
        yield Path(file.name)

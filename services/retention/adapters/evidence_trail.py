"""Who looked at what is in evidence: the access log's records that name one of the reads, or its plate."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import asyncpg

from plateward.kernel.postgres import within_scope

_NAMING = """
SELECT document FROM audit.access_records
 WHERE at >= $1 AND EXISTS (SELECT 1 FROM jsonb_each_text(document -> 'query') asked WHERE asked.value = ANY($2))
 ORDER BY seq
"""


class AccessTrail:
    """The view `audit.access_records`, within the scope of one agency: its people's looks, and others' at its data."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def naming(self, words: Iterable[str], agency_id: str, since: datetime) -> list[dict[str, Any]]:
        """The records that ask for one of these words, in the log's order."""
        async with within_scope(self._pool, (agency_id,)) as connection:
            rows = await connection.fetch(_NAMING, since, list(words))
        return [row["document"] for row in rows]

"""The warning before the day: data of a case that goes soon and is in no evidence."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import asyncpg
import structlog

from plateward.policy.profile import AgencyProfile
from services.retention.metrics import EVIDENCE_DUE

log = structlog.get_logger("services.retention")

_SOON = """
SELECT d.* FROM retention.evidence_due d
JOIN unnest($1::text[], $2::int[]) AS warned (agency_id, days) ON warned.agency_id = d.agency_id
WHERE d.expires_on <= (now() AT TIME ZONE 'UTC')::date + warned.days
ORDER BY d.expires_on, d.agency_id, d.case_number, d.read_id
"""


class DueEvidence:
    """What cases will lose within the days at which their agencies are warned."""

    def __init__(self, pool: asyncpg.Pool, profiles: Mapping[str, AgencyProfile]) -> None:
        self._pool, self._profiles = pool, profiles

    async def soon(self) -> list[dict[str, Any]]:
        """Each hit of a case whose read goes soon, soonest first."""
        days = {agency_id: profile.evidence.warn_days for agency_id, profile in self._profiles.items()}
        return [dict(row) for row in await self._pool.fetch(_SOON, list(days), list(days.values()))]

    async def warn(self) -> None:
        """Says for each agency how much that is; which cases, `plateward evidence due` says and the view shows."""
        due = Counter(one["agency_id"] for one in await self.soon())
        for agency_id in self._profiles:
            EVIDENCE_DUE.labels(agency_id).set(due[agency_id])
        for agency_id, hits in due.items():
            log.warning("evidence.due", agency=agency_id, hits=hits)

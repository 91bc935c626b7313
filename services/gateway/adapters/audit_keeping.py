"""The loop that draws audits' samples as soon as they can be drawn, and counts the days that audits are overdue."""

import asyncio

from prometheus_client import Gauge

from plateward.kernel.pauses import pause
from plateward.kernel.status import Status
from services.gateway.audits.audits import Audits

# Alarm on any: the agency's policy asks for an audit that was not done.
OVERDUE = Gauge(
    "plateward_gateway_audit_overdue_days", "Whole days since an audit was due; 0 while none is.", ["agency"]
)

EVERY_SECONDS = 15.0


class AuditKeeping:
    """Draws, and tells what is overdue."""

    def __init__(self, audits: Audits, agencies: tuple[str, ...], status: Status) -> None:
        self._audits, self._agencies, self._status = audits, agencies, status

    async def run(self, stopping: asyncio.Event) -> None:
        """Goes on until told to stop."""
        while not stopping.is_set():
            self._status.beat("audit keeping")
            for audit in await self._audits.waiting():
                await self._audits.draw(audit)
            for agency_id in self._agencies:
                OVERDUE.labels(agency_id).set((await self._audits.standing(agency_id)).overdue_days)
            await pause(stopping, EVERY_SECONDS)

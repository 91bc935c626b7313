"""The health of the line, as an agency's people see it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from plateward.contracts.lists import HotList
from services.gateway.cameras import Cameras
from services.gateway.health.lights import (
    ClockOffset,
    Lag,
    Light,
    LogState,
    in_order,
    of_camera,
    of_clock,
    of_lag,
    of_list,
    of_log,
    of_purge,
)
from services.gateway.health.self_checks import THROUGH_WITHIN, SelfCheck, of_check
from services.gateway.people import Session, require


class LineState(Protocol):
    """How the parts behind the gateway are, as their stores say."""

    async def lists(self, agency_id: str) -> list[tuple[HotList, bool]]:
        """The agency's lists, each with whether it has fallen silent."""

    async def last_purge(self) -> tuple[datetime | None, bool]:
        """When a purge last looked through all days, and whether no day is overdue."""

    async def log(self) -> LogState:
        """How the access log is."""


class Checks(Protocol):
    """The checks of the line."""

    async def newest(self, agency_id: str) -> SelfCheck | None:
        """The agency's last check."""

    async def ask(self, agency_id: str, at: datetime, unless_since: datetime) -> None:
        """Begins a check now; none where one was asked since."""


class Gauges(Protocol):
    """What is measured all the time, as of the last measurement."""

    @property
    def lags(self) -> Sequence[Lag] | None:
        """How far each service is behind; None where that cannot be told."""

    @property
    def clocks(self) -> Sequence[ClockOffset]:
        """How far other clocks are from this process's."""


class LineHealth:
    """A light for each camera and list of the person's own agency, and for each part that all agencies share."""

    def __init__(
        self, *, cameras: Cameras, state: LineState, checks: Checks, gauges: Gauges, now: Callable[[], datetime]
    ) -> None:
        self._cameras, self._state, self._checks, self._gauges, self._now = cameras, state, checks, gauges, now

    async def lights(self, session: Session, address: str) -> list[Light]:
        """All lights, what is wrong first; raises NotAllowed, NotRecorded."""
        cameras = await self._cameras.all(session, address)
        at = self._now()
        reached_at, is_current = await self._state.last_purge()
        return in_order(
            [
                of_check(await self._checks.newest(session.person.agency_id), at),
                *map(of_camera, cameras),
                *(
                    of_list(one, silent=silent, at=at)
                    for one, silent in await self._state.lists(session.person.agency_id)
                ),
                *self._services(at),
                *map(of_clock, self._gauges.clocks),
                of_purge(reached_at, is_current=is_current, at=at),
                *of_log(await self._state.log(), at),
            ]
        )

    async def check(self, session: Session) -> None:
        """Begins a check of the line now, unless one has begun within the last minute; raises NotAllowed."""
        require(session, "watch-cameras")
        at = self._now()
        await self._checks.ask(session.person.agency_id, at, at - THROUGH_WITHIN)

    def _services(self, at: datetime) -> list[Light]:
        lags = self._gauges.lags
        if lags is None:
            return [Light("service", "All services", "unknown", "Kafka does not say how far each of them is")]
        return [of_lag(lag, at) for lag in lags]

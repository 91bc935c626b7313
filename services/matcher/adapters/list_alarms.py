"""Tells when a list falls silent and when it speaks again: an event, a metric, a line of the log."""

from typing import Any

import structlog
from mode import Service

from plateward.contracts.event import derive_id
from plateward.contracts.lists import ListAlarm, list_key
from plateward.contracts.topics import LIST_ALARMS
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import Publisher
from plateward.kernel.status import Status
from services.matcher import metrics
from services.matcher.standing import Standing

log = structlog.get_logger("plateward.matcher")

LOOK_EVERY_SECONDS = 1.0
"""Lists fall silent by time alone, so somebody has to look at the clock."""


class ListAlarms(Service):
    """Every matcher tells; the event's id and time are the list's, so what two tell is the same event."""

    def __init__(self, standing: Standing, publisher: Publisher, status: Status, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._standing, self._publisher, self._status = standing, publisher, status

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            self._status.beat("list alarms")
            for alarm in list(self._standing.alarms(now())):
                await self._tell(alarm)
            await self.sleep(LOOK_EVERY_SECONDS)

    async def _tell(self, alarm: ListAlarm) -> None:
        key = list_key(alarm.agency_id, alarm.list_id)
        event_id = derive_id("list-alarm", key, alarm.silent, alarm.at.isoformat())
        await self._publisher.publish(LIST_ALARMS, alarm, key=key, event_id=event_id, time=alarm.at)
        metrics.SILENT_LISTS.labels(alarm.agency_id, alarm.list_id).set(alarm.silent)
        told = log.error if alarm.silent else log.info
        told("hot-list.silent" if alarm.silent else "hot-list.speaks", agency=alarm.agency_id, list_id=alarm.list_id)

"""The access log's topic: a record is durable when all replicas have acknowledged it, and not before."""

from plateward.contracts.access import AccessRecord
from plateward.contracts.topics import ACCESS
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from services.gateway.access import NotRecorded


class AccessTopic:
    """Appends access records to `access`."""

    def __init__(self, publisher: Publisher, within_seconds: float) -> None:
        self._publisher, self._within_seconds = publisher, within_seconds

    async def append(self, record: AccessRecord) -> None:
        """Returns when the record is durable; raises NotRecorded."""
        try:
            await self._publisher.publish(
                ACCESS,
                record,
                key=record.actor.agency_id,
                event_id=record.id,
                time=record.at,
                within_seconds=self._within_seconds,
            )
        except NotAcknowledged as error:
            raise NotRecorded("the access log does not acknowledge") from error

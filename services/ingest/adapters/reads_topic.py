"""Edge readers' reads on the topic `plate-reads`, where the recogniser's are as well."""

from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import PLATE_READS
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from plateward.plates.confusion import match_key
from plateward.plates.packed_keys import candidate_keys
from services.ingest.metrics import ACKNOWLEDGE_SECONDS
from services.ingest.refusals import Unavailable


class ReadsTopic:
    """Publishes reads, each acknowledged in time or refused."""

    def __init__(self, publisher: Publisher, *, acknowledge_seconds_max: float) -> None:
        self._publisher = publisher
        self._acknowledge_seconds_max = acknowledge_seconds_max

    async def publish(self, read: PlateRead) -> None:
        """Returns when the read is durable; raises Unavailable when that cannot be had in time."""
        try:
            with ACKNOWLEDGE_SECONDS.time():
                await self._publisher.publish(
                    PLATE_READS,
                    read,
                    key=match_key(read.plate),
                    event_id=read.id,
                    time=read.captured_at,
                    extra=candidate_keys(read),
                    within_seconds=self._acknowledge_seconds_max,
                )
        except NotAcknowledged as error:
            raise Unavailable("kafka") from error

"""Where refused records go: kept whole, with the reason, so that the line goes on and nothing is lost."""

import base64

import structlog
from aiokafka import ConsumerRecord
from prometheus_client import Counter

from plateward.contracts.dead_letters import DEAD_SUFFIX, DeadLetter
from plateward.contracts.event import derive_id, encode
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import Publisher

log = structlog.get_logger("plateward.dead_letters")

DEAD_LETTERS = Counter("plateward_dead_letters_total", "Records refused, by the topic they came from.", ["topic"])


class DeadLetters:
    """Buries refused records of one consumer group."""

    def __init__(self, publisher: Publisher, refused_by: str) -> None:
        self._publisher = publisher
        self._refused_by = refused_by

    async def bury(self, record: ConsumerRecord, reason: str) -> None:
        """Puts the record and the reason on its topic's dead-letter topic; raises NotAcknowledged."""
        letter = DeadLetter(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
            refused_by=self._refused_by,
            at=now(),
            key=record.key.decode("utf-8", "replace") if record.key else None,
            value=base64.b64encode(record.value).decode() if record.value is not None else None,
            headers={name: (value or b"").decode("utf-8", "replace") for name, value in record.headers},
        )
        letter_id = derive_id("dead", self._refused_by, record.topic, record.partition, record.offset)
        headers = self._publisher.headers(letter, event_id=letter_id, time=letter.at)
        await self._publisher.send(record.topic + DEAD_SUFFIX, key=record.key, value=encode(letter), headers=headers)
        DEAD_LETTERS.labels(record.topic).inc()
        log.warning("record.refused", topic=record.topic, partition=record.partition, offset=record.offset)

"""From the topic `access` to the log; what cannot be appended becomes a dead letter."""

from collections.abc import Sequence

import structlog
from aiokafka import ConsumerRecord

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from plateward.kernel.kafka.consumer import Received
from plateward.kernel.kafka.dead_letters import DeadLetters
from services.audit.appending import Log, Unstorable
from services.audit.metrics import REWRITES

logger = structlog.get_logger("services.audit")


def decode_access(record: ConsumerRecord) -> AccessRecord:
    """The access record in a record of the topic; raises ContractError."""
    return decode(record.value, AccessRecord)


class AccessTopic:
    """What is done with each batch of access records."""

    def __init__(self, log: Log, dead_letters: DeadLetters) -> None:
        self._log = log
        self._dead_letters = dead_letters

    async def take(self, batch: Sequence[Received[AccessRecord]]) -> None:
        """Appends a batch; a record that the log cannot hold keeps no other from being appended."""
        try:
            await self._append(batch)
        except Unstorable:
            for received in batch:
                try:
                    await self._append([received])
                except Unstorable as reason:
                    await self._dead_letters.bury(received.record, str(reason))

    async def _append(self, batch: Sequence[Received[AccessRecord]]) -> None:
        appended = await self._log.append([received.event for received in batch])
        for place in appended.rewrites:
            await self._refuse_rewrite(batch[place])

    async def _refuse_rewrite(self, received: Received[AccessRecord]) -> None:
        record = received.event
        logger.error("audit.rewrite_refused", id=str(record.id), access_id=str(record.access_id))
        REWRITES.inc()
        reason = f"id {record.id}: the log holds a record of this id with other content; nothing in it is rewritten"
        await self._dead_letters.bury(received.record, reason)

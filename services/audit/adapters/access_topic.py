"""From the topic `access` to the log; what cannot be appended becomes a dead letter."""

from collections.abc import Sequence

import structlog
from aiokafka import ConsumerRecord

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from plateward.kernel.kafka.consumer import Received
from plateward.kernel.kafka.dead_letters import DeadLetters
from services.audit.appending import Entry, Log, Unstorable, entry_of
from services.audit.metrics import REWRITES

logger = structlog.get_logger("services.audit")


def decode_entry(record: ConsumerRecord) -> Entry:
    """The entry that a record is; raises ContractError."""
    return entry_of(decode(record.value, AccessRecord))


class AccessTopic:
    """What is done with each batch of access records."""

    def __init__(self, log: Log, dead_letters: DeadLetters) -> None:
        self._log = log
        self._dead_letters = dead_letters

    async def take(self, batch: Sequence[Received[Entry]]) -> None:
        """Appends a batch; a record that the log cannot hold keeps no other from being appended."""
        try:
            await self._append(batch)
        except Unstorable:
            for received in batch:
                try:
                    await self._append([received])
                except Unstorable as reason:
                    await self._dead_letters.bury(received.record, str(reason))

    async def _append(self, batch: Sequence[Received[Entry]]) -> None:
        appended = await self._log.append([received.event for received in batch])
        rewrites = set(appended.rewrites)
        for received in batch:
            if received.event in rewrites:
                await self._refuse_rewrite(received)

    async def _refuse_rewrite(self, received: Received[Entry]) -> None:
        entry = received.event
        logger.error("audit.rewrite_refused", id=str(entry.id), access_id=str(entry.access_id))
        REWRITES.inc()
        reason = f"id {entry.id}: the log holds a record of this id with other content; nothing in it is rewritten"
        await self._dead_letters.bury(received.record, reason)

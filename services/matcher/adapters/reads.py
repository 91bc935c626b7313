"""The fire-hose of reads: in batches, past the index, hits out, then committed.

It is a service of the Faust worker but no Faust stream: one Faust agent takes 6 to 10 thousand reads a second, a batch
consumer over 100 thousand.
"""

import asyncio
from typing import Any

from aiokafka import ConsumerRecord
from mode import Service

from plateward.contracts.envelope import traceparent_of
from plateward.contracts.event import ContractError, decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead
from plateward.contracts.topics import PLATE_READS
from plateward.kernel.clock import now
from plateward.kernel.kafka.commits import Begun, Polled
from plateward.kernel.kafka.consumer import RecordConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import Publisher
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from services.matcher import metrics
from services.matcher.adapters.follower import TopicFollower
from services.matcher.adapters.raising import raise_hit
from services.matcher.index import HotListIndex
from services.matcher.join import Join

COMMIT_MAX = 20_000
"""How many reads are taken before a commit is due."""


class ReadMatcher(Service):
    """Takes reads from the topic in the matchers' group and publishes the hits among them."""

    def __init__(
        self,
        settings: KafkaSettings,
        *,
        index: HotListIndex,
        join: Join,
        hits: TopicFollower,
        publisher: Publisher,
        dead_letters: DeadLetters,
        status: Status,
        batch_max: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._index, self._join, self._hits = index, join, hits
        self._publisher, self._dead_letters = publisher, dead_letters
        self._taken_over: set[int] = set()
        self._stopping = asyncio.Event()
        self._reads = RecordConsumer(
            settings,
            topic=PLATE_READS,
            group="matcher",
            effect=self._match,
            status=status,
            batch_max=batch_max,
            commit_max=COMMIT_MAX,
            revoked=self._give_up,
        )

    @Service.task
    async def _consume(self) -> None:
        await self._reads.run(self._stopping)

    async def on_shutdown(self) -> None:
        """Has the batch in hand finished and committed."""
        self._stopping.set()

    async def _match(self, polled: Polled) -> Begun:
        await self._take_over({partition.partition for partition in polled})
        begun = []
        for records in polled.values():
            metrics.READS.inc(len(records))
            # What can match nothing is not even decoded.
            for at in self._index.may_match(records):
                hits, trace = await self._hits_of(records[at]), traceparent_of(records[at].headers)
                begun += [asyncio.ensure_future(raise_hit(self._publisher, hit, trace)) for hit in hits]
        return begun

    async def _take_over(self, partitions: set[int]) -> None:
        """Returns when all is known that other matchers have raised of reads that came before these.

        Whoever had a partition has raised its hits before it committed, and so before we begin where it ended.
        """
        # The set of this moment: what changes hands meanwhile is to be taken over again.
        taken_over = self._taken_over
        if not partitions <= taken_over:
            await self._hits.catch_up()
            taken_over.update(partitions)

    def _give_up(self) -> None:
        self._taken_over = set()

    async def _hits_of(self, record: ConsumerRecord) -> list[HitRaised]:
        try:
            return self._join.hits_of(decode(record.value, PlateRead), now())
        except ContractError as reason:
            await self._dead_letters.bury(record, str(reason))
            return []

"""How the audit service is put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from plateward.contracts.topics import ACCESS
from plateward.kernel.kafka.consumer import TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.lifecycle import Running
from plateward.kernel.postgres import database_pool, reachable
from plateward.kernel.status import Status, status_app
from services.audit.adapters.access_topic import AccessTopic, decode_entry
from services.audit.adapters.log_store import LogStore
from services.audit.settings import AuditSettings


@asynccontextmanager
async def running(settings: AuditSettings) -> AsyncIterator[Running]:
    """The wired service, with its connections open."""
    status = Status()
    async with (
        database_pool(settings.database, schema="audit") as pool,
        open_publisher(settings.kafka, source="audit") as publisher,
    ):
        status.require("database", partial(reachable, pool))
        status.require("kafka", publisher.reachable)
        dead_letters = DeadLetters(publisher, "audit")
        consumer = TopicConsumer(
            settings.kafka,
            topic=ACCESS,
            group="audit",
            decoder=decode_entry,
            effect=AccessTopic(LogStore(pool), dead_letters).take,
            dead_letters=dead_letters,
            status=status,
            batch_max=settings.batch_max,
        )
        yield Running(status_app("audit", status), (consumer.run,))

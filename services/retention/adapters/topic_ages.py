"""How long the brokers keep what is on the topics, and how old what is there is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from plateward.kernel.kafka.connection import connection
from plateward.kernel.settings import KafkaSettings
from services.retention.topics_kept import WITH_VEHICLES, outlived


async def kept_by_brokers(settings: KafkaSettings) -> Mapping[str, timedelta | None]:
    """For how long the brokers keep each topic that holds vehicles; None for ever."""
    admin = AIOKafkaAdminClient(**connection(settings, "retention-verify"))
    await admin.start()
    try:
        answers = await admin.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in WITH_VEHICLES]
        )
    finally:
        await admin.close()
    kept: dict[str, timedelta | None] = {}
    for answer in answers:
        for _, _, _, name, entries in answer.resources:
            config = {entry[0]: entry[1] for entry in entries}
            milliseconds = int(config["retention.ms"])
            compacted = "delete" not in config["cleanup.policy"]
            kept[name] = None if compacted or milliseconds < 0 else timedelta(milliseconds=milliseconds)
    return kept


async def too_old(settings: KafkaSettings, now: datetime) -> list[str]:
    """Partitions whose oldest record should be gone."""
    found = []
    async with AIOKafkaConsumer(**connection(settings, "retention-verify"), enable_auto_commit=False) as consumer:
        for topic in WITH_VEHICLES:
            partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
            assert topic.kept_for is not None
            oldest_ms = int((now - outlived(topic.kept_for)).timestamp() * 1000)
            for partition, first in (await consumer.offsets_for_times(dict.fromkeys(partitions, 0))).items():
                if first is not None and 0 <= first.timestamp < oldest_ms:
                    found.append(f"topic {partition.topic}, partition {partition.partition}: holds a record too old")
    return found

"""Bringing the topics to what the contracts say."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from plateward.contracts.topics import every_topic
from plateward.kernel.kafka.connection import connection
from plateward.kernel.settings import KafkaSettings


async def prepare_topics(settings: KafkaSettings) -> list[str]:
    """Creates the topics that are missing and sets the configuration of all; returns the names created.

    Raises a KafkaError that names the topic when the brokers refuse.
    """
    admin = AIOKafkaAdminClient(**connection(settings, "migrate"))
    await admin.start()
    try:
        there = set(await admin.list_topics())
        missing = [topic for topic in every_topic() if topic.name not in there]
        if missing:
            answer = await admin.create_topics(
                [
                    NewTopic(topic.name, topic.partitions, settings.replication, topic_configs=topic.settings)
                    for topic in missing
                ]
            )
            for name, code, *_ in answer.topic_errors:
                if code not in (0, TopicAlreadyExistsError.errno):
                    raise for_code(code)(f"topic {name} could not be created")
        answers = await admin.alter_configs(
            [
                ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=topic.settings)
                for topic in every_topic()
                if topic.name in there
            ]
        )
        for answer in answers:
            for code, reason, _, name in answer.resources:
                if code != 0:
                    raise for_code(code)(f"topic {name} could not be configured: {reason}")
        return [topic.name for topic in missing]
    finally:
        await admin.close()

"""Bringing the topics to what the contracts say, on a real Kafka."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from plateward.contracts.topics import CAMERA_STATUS, FRAMES, Topic, every_topic
from plateward.embedded.readiness import poll_until
from plateward.kernel.kafka import topics
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.settings import KafkaSettings
from tests.support.stack import KafkaServer

PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def settings(kafka: KafkaServer) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)


@pytest.fixture
async def admin(settings: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap_servers)
    await admin.start()
    yield admin
    await admin.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """What the controller has accepted, brokers know a moment later."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await poll_until(condition)


async def is_configured(admin: AIOKafkaAdminClient, topic: Topic, settings: dict[str, str]) -> bool:
    (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name)])
    ((_, _, _, _, entries),) = answer.resources
    return settings.items() <= {entry[0]: entry[1] for entry in entries}.items()


async def are_there(admin: AIOKafkaAdminClient, topics: Iterable[Topic]) -> bool:
    return {topic.name for topic in topics} <= set(await admin.list_topics())


async def is_gone(admin: AIOKafkaAdminClient, topic: Topic) -> bool:
    return topic.name not in await admin.list_topics()


async def test_topics_are_prepared_once_and_as_the_contracts_say(
    settings: KafkaSettings, admin: AIOKafkaAdminClient
) -> None:
    await prepare_topics(settings)
    await until(lambda: are_there(admin, every_topic()))
    assert await prepare_topics(settings) == []
    partitions = {one["topic"]: len(one["partitions"]) for one in await admin.describe_topics()}
    for topic in every_topic():
        assert partitions[topic.name] == topic.partitions
        await until(lambda topic=topic: is_configured(admin, topic, topic.settings))  # type: ignore[misc]


async def test_preparing_again_repairs_what_was_changed_and_makes_what_was_deleted(
    settings: KafkaSettings, admin: AIOKafkaAdminClient
) -> None:
    await prepare_topics(settings)
    longer = FRAMES.settings | {"retention.ms": "999999999"}
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, FRAMES.name, configs=longer)])
    await until(lambda: is_configured(admin, FRAMES, longer))
    await admin.delete_topics([CAMERA_STATUS.dead.name])
    await until(lambda: is_gone(admin, CAMERA_STATUS.dead))
    assert await prepare_topics(settings) == [CAMERA_STATUS.dead.name]
    await until(lambda: is_configured(admin, FRAMES, FRAMES.settings))
    await until(lambda: are_there(admin, every_topic()))


@pytest.mark.parametrize("there", [False, True], ids=["creating", "configuring"])
async def test_what_the_brokers_refuse_is_an_error_that_names_the_topic(
    settings: KafkaSettings, admin: AIOKafkaAdminClient, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    name = f"t-{secrets.token_hex(6)}"
    impossible = replace(FRAMES, name=name, kept_for=timedelta(days=-1))
    if there:
        await admin.create_topics([NewTopic(name, 1, 1)])
        await until(lambda: are_there(admin, [impossible]))
    monkeypatch.setattr(topics, "every_topic", lambda: (impossible,))
    with pytest.raises(KafkaError, match=f"topic {name} could not be"):
        await prepare_topics(settings)

"""The embedded broker, Apache Kafka and its stand-in: records outlive what happens to it."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError

from plateward.embedded import server
from plateward.embedded.kafka import CHOICE_VARIABLE, EmbeddedKafka
from plateward.embedded.ports import ReservedPort
from tests.integration.embedded.processes import ended
from tests.support.stack import ARTEFACTS

TOPIC = "kept"
HEADERS = (("ce_id", b"1"),)


def embedded(folder: Path, *, told: list[str] | None = None, artefacts: Path = ARTEFACTS) -> EmbeddedKafka:
    return EmbeddedKafka(folder, artefacts=artefacts, tell=(told if told is not None else []).append)


@pytest.fixture(params=["apache", "noida"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> EmbeddedKafka:
    monkeypatch.setenv(CHOICE_VARIABLE, request.param)
    return embedded(tmp_path)


async def create_topic(broker: EmbeddedKafka) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(TOPIC, 1, 1, topic_configs={"cleanup.policy": "compact"})])
        assert [code for _, code, *_ in answer.topic_errors] == [0]
    finally:
        await admin.close()


async def produce(broker: EmbeddedKafka, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap_servers, enable_idempotence=True, acks="all")
    try:
        await producer.start()
        await producer.send_and_wait(TOPIC, value, key=value, headers=list(HEADERS))
    finally:
        await producer.stop()


async def consume(broker: EmbeddedKafka, *, group: str) -> tuple[bytes | None, tuple[tuple[str, bytes], ...]]:
    """The next record for that group, which it then commits."""
    async with AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=broker.bootstrap_servers,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_poll_records=1,
    ) as consumer:
        record = await consumer.getone()
        await consumer.commit()
        return record.value, tuple(record.headers)


async def test_a_taken_port_is_given_up_and_records_and_commits_outlive_a_restart(
    either: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, free = ReservedPort(), ReservedPort()
    ports = iter([taken, free])
    monkeypatch.setattr(server, "ReservedPort", lambda: next(ports))
    with socket.create_server(("127.0.0.1", taken.number)):
        async with either as broker:
            assert broker.bootstrap_servers == f"127.0.0.1:{free.number}"
            await create_topic(broker)
            await produce(broker, b"first")
            assert await consume(broker, group="before") == (b"first", HEADERS)

            await broker.stop()
            with pytest.raises(KafkaConnectionError):
                await produce(broker, b"nobody takes this")

            await broker.start()
            assert broker.bootstrap_servers == f"127.0.0.1:{free.number}"
            await produce(broker, b"second")
            assert await consume(broker, group="before") == (b"second", HEADERS)
            assert await consume(broker, group="after") == (b"first", HEADERS)


async def test_what_apache_kafka_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    broker = embedded(tmp_path)
    await broker.start()
    assert broker.kind.startswith("Apache Kafka 4.")
    await create_topic(broker)
    await produce(broker, b"acknowledged")
    exit_of_killed = ended(broker.pid)
    os.kill(broker.pid, signal.SIGKILL)
    await exit_of_killed

    async with embedded(tmp_path) as another:
        assert await consume(another, group="after") == (b"acknowledged", HEADERS)


@pytest.fixture(params=["java", "mvn"])
def path_without(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a program that this machine now lacks; all others are there."""
    there = tmp_path / "bin"
    there.mkdir()
    for folder in map(Path, os.environ["PATH"].split(os.pathsep)):
        for program in folder.iterdir() if os.access(folder, os.R_OK | os.X_OK) else ():
            if program.name != request.param and not (there / program.name).exists():
                (there / program.name).symlink_to(program)
    monkeypatch.setenv("PATH", str(there))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    yield request.param


async def test_a_stand_in_serves_and_says_why(path_without: str, tmp_path: Path) -> None:
    told: list[str] = []
    missing = {"java": "there is no Java", "mvn": "Maven (mvn) is not installed"}[path_without]
    async with embedded(tmp_path / "kafka", told=told, artefacts=tmp_path / "no jars yet") as broker:
        await create_topic(broker)
        await produce(broker, b"served")
        assert await consume(broker, group="any") == (b"served", HEADERS)
    assert broker.kind.startswith("noida-db")
    assert broker.kind.endswith(missing)
    assert broker.kind in told

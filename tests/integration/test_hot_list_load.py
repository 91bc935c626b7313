"""A long hot list is loaded by two processes, and comes to the same as by one."""

import uuid
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from plateward.contracts.event import encode
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.topics import HOT_LIST
from plateward.kernel.clock import now
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.settings import KafkaSettings
from plateward.kernel.status import Status
from services.matcher.adapters.document_file import DocumentFile
from services.matcher.adapters.loading_beside import LoadingBeside
from services.matcher.adapters.replica import HotListReplica
from services.matcher.index import HotListIndex
from tests.integration.topic_reading import letters_on
from tests.support.matchers import a_read_now, plate
from tests.support.stack import KafkaServer
from tests.unit.matcher.events import an_entry


async def test_two_processes_load_what_one_does(kafka: KafkaServer, tmp_path: Path) -> None:
    settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(settings)
    standing = [an_entry(plate(), at=now()) for _ in range(200)]
    partial = [an_entry(f"*{plate()[:6]}?", at=now()) for _ in range(8)]
    near = [an_entry(plate(), at=now(), near_misses=True) for _ in range(8)]
    replaced = [an_entry(plate(), at=now()) for _ in range(8)]
    replacing = [an_entry(plate(), at=now(), id=entry.id) for entry in replaced]
    removed = [an_entry(plate(), at=now()) for _ in range(8)]
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers) as producer:
        for entry in (*replaced, *removed, *partial, *near, *standing, *replacing):
            await producer.send(HOT_LIST.name, encode(entry), key=str(entry.id).encode())
        for entry in removed:
            await producer.send(HOT_LIST.name, None, key=str(entry.id).encode())
        garbage = [str(uuid.uuid4()) for _ in range(HOT_LIST.partitions)]
        for partition, key in enumerate(garbage):
            await producer.send(HOT_LIST.name, b"no entry", key=key.encode(), partition=partition)
        await producer.flush()

        documents = DocumentFile(tmp_path)
        index = HotListIndex(documents)
        async with open_publisher(settings, source="matcher") as publisher:
            replica = HotListReplica(
                settings,
                index,
                DeadLetters(publisher, "matcher"),
                Status(),
                beside=LoadingBeside(settings, documents, worth_it_from=1),
            )
            async with replica:
                for entry in (*standing, *near, *replacing):
                    assert found(index, entry.plate) == [entry]
                for entry in partial:
                    assert found(index, entry.plate[1:-1] + "7") == [entry]
                for entry in (*replaced, *removed):
                    assert found(index, entry.plate) == []
                buried = {letter.key for letter in await letters_on(settings, HOT_LIST)}
                assert buried >= set(garbage)
        documents.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_process_that_ends_early_ends_the_load(tmp_path: Path) -> None:
    nowhere = KafkaSettings(bootstrap_servers="127.0.0.1:1")
    with pytest.raises(EOFError):
        await LoadingBeside(nowhere, DocumentFile(tmp_path)).load({1: 1})


def found(index: HotListIndex, text: str) -> list[HotListEntry]:
    """The entries that a read of this plate could be of."""
    return [match.entry for match in index.considered(a_read_now(text))]

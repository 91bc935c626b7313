"""A Kafka broker of our own, for the demo and the tests."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from plateward.embedded.apache_kafka import ApacheKafka, NoJavaError, find_java
from plateward.embedded.child import Child
from plateward.embedded.kafka_jars import NoJarsError, kafka_jars
from plateward.embedded.noida import Noida
from plateward.embedded.ports import answers_tcp
from plateward.embedded.readiness import until_ready
from plateward.embedded.server import EmbeddedServer

CHOICE_VARIABLE = "PLATEWARD_EMBEDDED_KAFKA"
"""The environment variable that, being "noida", asks for noida-db where Apache Kafka could be had."""

_READY_SECONDS = 60


class Broker(Protocol):
    """A program that speaks Kafka's protocol."""

    @property
    def kind(self) -> str:
        """What it is, for people."""

    async def command(self, folder: Path, port: int) -> list[str]:
        """Prepares the folder and gives the command line that serves it on that port of 127.0.0.1."""


class EmbeddedKafka(EmbeddedServer):
    """One broker; `kind` says which."""

    NAME = "Kafka"
    PASSING = ("Address already in use", "is already in use")
    STOP_SECONDS = 15

    def __init__(self, folder: Path, *, artefacts: Path, tell: Callable[[str], None]) -> None:
        """`artefacts` is where Apache Kafka's jars are, or are fetched to."""
        super().__init__()
        self._folder = folder.resolve()
        self._artefacts = artefacts.resolve()
        self._tell = tell
        self._broker: Broker | None = None

    @property
    def kind(self) -> str:
        """What serves, for people; raises RuntimeError before the first start."""
        return self._chosen().kind

    @property
    def bootstrap_servers(self) -> str:
        """Where clients begin; raises RuntimeError before the first start."""
        return f"127.0.0.1:{self.port}"

    def _chosen(self) -> Broker:
        if self._broker is None:
            raise RuntimeError("Kafka has not been started")
        return self._broker

    async def _prepare(self) -> None:
        if self._broker is None:
            self._broker = await _choose_broker(self._artefacts, self._tell)

    async def _serve(self, port: int) -> Child:
        broker = self._chosen()
        home = self._folder / type(broker).__name__  # the two cannot read each other's data
        home.mkdir(parents=True, exist_ok=True)
        server = await Child.start(await broker.command(home, port), log=self._folder / "kafka.log", cwd=home)
        try:
            await until_ready(broker.kind, server, lambda: broker_answers(port), timeout_seconds=_READY_SECONDS)
        except BaseException:
            await server.stop(first=signal.SIGKILL)
            raise
        return server


async def _choose_broker(artefacts: Path, tell: Callable[[str], None]) -> Broker:
    """Apache Kafka where its jars and a Java can be had, noida-db elsewhere, which it tells."""
    if os.environ.get(CHOICE_VARIABLE) == "noida":
        return _stand_in(f"{CHOICE_VARIABLE} asks for it", tell)
    try:
        return ApacheKafka(await asyncio.to_thread(find_java), await kafka_jars(artefacts, tell))
    except (NoJavaError, NoJarsError) as error:
        return _stand_in(str(error), tell)


def _stand_in(why: str, tell: Callable[[str], None]) -> Broker:
    broker = Noida(why)
    tell(broker.kind)
    return broker


async def broker_answers(port: int) -> bool:
    """Whether the broker on that port of 127.0.0.1 answers an admin client, and sends clients to that port."""
    if not await answers_tcp(port):
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=f"127.0.0.1:{port}", request_timeout_ms=5_000)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await admin.close()
    return any(broker["port"] == port for broker in cluster["brokers"])

"""A Kafka broker of our own, for the demo and the tests."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from plateward.embedded.apache_kafka import ApacheKafka, NoJavaError, find_java
from plateward.embedded.child import Child
from plateward.embedded.kafka_jars import NoJarsError, kafka_jars
from plateward.embedded.noida import Noida
from plateward.embedded.ports import ReservedPort, answers_tcp
from plateward.embedded.readiness import DiedError, until_ready

CHOICE_VARIABLE = "PLATEWARD_EMBEDDED_KAFKA"
"""The environment variable that, being "noida", asks for noida-db where Apache Kafka could be had."""

_READY_SECONDS = 60
_STOP_SECONDS = 15
_STARTS = 5
_PORT_TAKEN = ("Address already in use", "is already in use")


class Broker(Protocol):
    """A program that speaks Kafka's protocol."""

    @property
    def kind(self) -> str:
        """What it is, for people."""

    async def command(self, folder: Path, port: int) -> list[str]:
        """Prepares the folder and gives the command line that serves it on that port of 127.0.0.1."""


class EmbeddedKafka:
    """One broker on a free port of 127.0.0.1, its data kept in a folder between starts.

    The port stays ours, and the same, for the life of this object: clients find the broker again after a restart.
    """

    def __init__(self, folder: Path, *, artefacts: Path, tell: Callable[[str], None]) -> None:
        """`artefacts` is where Apache Kafka's jars are, or are fetched to."""
        self._folder = folder.resolve()
        self._artefacts = artefacts.resolve()
        self._tell = tell
        self._broker: Broker | None = None
        self._port: ReservedPort | None = None
        self._server: Child | None = None

    @property
    def kind(self) -> str:
        """What serves, for people; raises RuntimeError before the first start."""
        if self._broker is None:
            raise RuntimeError("Kafka has not been started")
        return self._broker.kind

    @property
    def bootstrap_servers(self) -> str:
        """Where clients begin; raises RuntimeError before the first start."""
        if self._port is None:
            raise RuntimeError("Kafka has not been started")
        return f"127.0.0.1:{self._port.number}"

    @property
    def pid(self) -> int:
        """The process id of the broker; raises RuntimeError while there is none."""
        if self._server is None:
            raise RuntimeError("Kafka has not been started")
        return self._server.pid

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Returns once the broker answers an admin client; raises NotServingError, quoting its log, if it does not."""
        if self._broker is None:
            self._broker = await _choose_broker(self._artefacts, self._tell)
        for attempt in range(1, _STARTS + 1):
            port = self._port or ReservedPort()
            try:
                self._server = await self._serve(self._broker, port.number)
            except DiedError as error:
                if attempt == _STARTS or not any(sign in error.log_tail for sign in _PORT_TAKEN):
                    raise
                await asyncio.sleep(0.2 * attempt)
            else:
                self._port = port
                return

    async def _serve(self, broker: Broker, port: int) -> Child:
        home = self._folder / type(broker).__name__  # the two cannot read each other's data
        home.mkdir(parents=True, exist_ok=True)
        server = await Child.start(await broker.command(home, port), log=self._folder / "kafka.log", cwd=home)
        try:
            await until_ready(broker.kind, server, lambda: broker_answers(port), timeout_seconds=_READY_SECONDS)
        except BaseException:
            await server.stop(first=signal.SIGKILL)
            raise
        return server

    async def stop(self) -> None:
        """Stops the broker, keeping its data; does nothing when it has not been started."""
        if self._server is not None:
            await self._server.stop(patience_seconds=_STOP_SECONDS)

    async def restart(self) -> None:
        """Stops and starts it again, on the same port and with the same data."""
        await self.stop()
        await self.start()


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

"""Kafka and PostgreSQL together: what all services stand on."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Self

from plateward.embedded.kafka import EmbeddedKafka
from plateward.embedded.postgres import EmbeddedPostgres
from plateward.embedded.together import together


class Stack:
    """Both servers, started and stopped at the same time, their data in `folder`."""

    def __init__(self, folder: Path, *, artefacts: Path, fsync: bool = True, tell: Callable[[str], None]) -> None:
        """`artefacts` is where Apache Kafka's jars are, or are fetched to; `tell` hears the steps, in a line each."""
        self.kafka = EmbeddedKafka(folder / "kafka", artefacts=artefacts, tell=tell)
        self.postgres = EmbeddedPostgres(folder / "postgres", fsync=fsync, tell=tell)
        self._tell = tell

    @property
    def bootstrap_servers(self) -> str:
        """Where Kafka's clients begin."""
        return self.kafka.bootstrap_servers

    @property
    def postgres_dsn(self) -> str:
        """How PostgreSQL's superuser connects."""
        return self.postgres.dsn

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Returns once both serve; raises NotServingError, with neither left running, when one does not."""
        try:
            await together(self._start_kafka(), self._start_postgres())
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stops both, keeping their data."""
        await asyncio.gather(self.kafka.stop(), self.postgres.stop())

    async def _start_kafka(self) -> None:
        await self.kafka.start()
        self._tell(f"{self.kafka.kind}, on {self.kafka.bootstrap_servers}")

    async def _start_postgres(self) -> None:
        await self.postgres.start()
        self._tell(f"PostgreSQL, on port {self.postgres.port}")

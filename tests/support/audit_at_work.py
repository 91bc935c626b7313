"""An audit service as a whole, and a witness beside it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import SecretStr
from typer.testing import CliRunner

from plateward.cli import app as command
from plateward.contracts.access import AccessRecord
from plateward.embedded.ports import free_port
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.key_files import create_key_file
from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import HttpSettings, KafkaSettings
from plateward.tlog.keys import PublicKey, Role
from plateward.tlog.verifying import Trust
from services.audit import factory as audit_factory
from services.audit.adapters.log_store import LogStore
from services.audit.settings import AuditSettings
from services.witness import factory as witness_factory
from services.witness.settings import WitnessSettings
from tests.support.access_log import AccessLog, access_log
from tests.support.asking import asking
from tests.support.serving import served
from tests.support.stack import KafkaServer, PostgresServer, fresh_database

PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Region:
    """A log that is served, the keys that a verifier trusts, and the files of it."""

    log: AccessLog
    http: httpx.AsyncClient
    trust: Trust
    folder: Path
    settings: AuditSettings

    @property
    def url(self) -> str:
        """Where the audit service answers."""
        return str(self.http.base_url).rstrip("/")

    @property
    def keys(self) -> list[str]:
        """What the command is told to trust."""
        return ["--key", str(self.trust.log), "--witness", str(self.trust.witnesses[0]), "--quorum", "1"]

    async def renewed(self) -> str:
        """A new checkpoint, on demand."""
        return (await self.http.post("/checkpoint")).raise_for_status().text

    async def append(self, *records: AccessRecord) -> None:
        await LogStore(self.log.pool).append(records)


@asynccontextmanager
async def a_region(postgres: PostgresServer, kafka: KafkaServer, folder: Path) -> AsyncIterator[Region]:
    """An audit service and a witness that serve; the log is empty."""
    log_key = create_key_file(folder / "log.key", "region.example/access", Role.LOG).public
    witness_key = create_key_file(folder / "witness.key", "witness.example", Role.WITNESS).public
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(fresh_database(postgres))
        log = await stack.enter_async_context(access_log(dsn))
        witness_url = await stack.enter_async_context(a_witness(folder, log_key))
        (folder / "witnesses").write_text(f"# who watches\n\n{witness_key} {witness_url}\n")
        settings = AuditSettings(
            kafka=KafkaSettings(bootstrap_servers=kafka.bootstrap_servers),
            http=HttpSettings(port=free_port()),
            database=DatabaseSettings(dsn=SecretStr(dsn)),
            log_key_file=folder / "log.key",
            witnesses_file=folder / "witnesses",
            checkpoint_seconds=60,
        )
        await prepare_topics(settings.kafka)
        running = await stack.enter_async_context(audit_factory.running(settings))
        url = await stack.enter_async_context(served(running.app, settings.http))
        http = await stack.enter_async_context(asking(url))
        yield Region(log, http, Trust(log_key, (witness_key,), 1), folder, settings)


@asynccontextmanager
async def a_witness(folder: Path, log_key: PublicKey) -> AsyncIterator[str]:
    (folder / "logs").write_text(f"# whom it watches\n{log_key}\n")
    settings = WitnessSettings(
        http=HttpSettings(port=free_port()),
        key_file=folder / "witness.key",
        logs_file=folder / "logs",
        folder=folder / "seen",
    )
    async with witness_factory.running(settings) as running, served(running.app, settings.http) as url:
        yield url


async def run(*arguments: str) -> tuple[int, str]:
    """The command's exit code and all that it says; in a thread, where it can have a loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, command, list(arguments))
    return result.exit_code, result.output

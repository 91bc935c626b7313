"""All of the matcher's wiring: the services of its Faust worker, in the order in which they start."""

import asyncio
from typing import Any

import faust
import uvloop
from mode import Service

from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.status import Status
from services.matcher.adapters.document_file import DocumentFile
from services.matcher.adapters.memory import collect_rarely
from services.matcher.adapters.reads import ReadMatcher
from services.matcher.adapters.replica import HotListReplica
from services.matcher.adapters.status_server import StatusServer
from services.matcher.adapters.worker import faust_app
from services.matcher.index import HotListIndex
from services.matcher.settings import MatcherSettings


class Matching(Service):
    """The matcher's own services under the worker: status first, then the replica whole, and only then reads."""

    def __init__(self, settings: MatcherSettings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._settings = settings

    async def on_start(self) -> None:
        """Starts them one after the other."""
        kafka, status = self._settings.kafka, Status()
        index = HotListIndex(DocumentFile(self._settings.work_folder))
        publisher = await self.add_async_context(open_publisher(kafka, source="matcher"))
        dead_letters = DeadLetters(publisher, "matcher")
        replica = HotListReplica(kafka, index, dead_letters, status)
        status.require("kafka", publisher.reachable)
        status.require("hot-list", replica.is_complete)
        await self.add_runtime_dependency(StatusServer(self._settings.http, status))
        collect_rarely()
        await self.add_runtime_dependency(replica)
        collect_rarely()
        await self.add_runtime_dependency(
            ReadMatcher(
                kafka,
                index=index,
                publisher=publisher,
                dead_letters=dead_letters,
                status=status,
                batch_max=self._settings.batch_max,
            )
        )


def worker(settings: MatcherSettings) -> faust.Worker:
    """The Faust worker with everything that runs in it. It leaves logging to us."""
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    app = faust_app(settings)
    return faust.Worker(app, Matching(settings), loop=loop, override_logging=False, redirect_stdouts=False, quiet=True)

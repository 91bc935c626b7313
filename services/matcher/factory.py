"""All of the matcher's wiring: the services of its Faust worker, in the order in which they start."""

import asyncio
from datetime import timedelta
from typing import Any

import faust
import uvloop
from mode import Service

from plateward.kernel.clock import now
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.status import Status
from services.matcher.adapters.coming_into_force import ComingIntoForce
from services.matcher.adapters.document_file import DocumentFile
from services.matcher.adapters.follower import TopicFollower
from services.matcher.adapters.list_alarms import ListAlarms
from services.matcher.adapters.loading_beside import LoadingBeside
from services.matcher.adapters.memory import collect_rarely
from services.matcher.adapters.reads import ReadMatcher
from services.matcher.adapters.replica import HotListReplica
from services.matcher.adapters.retroactive import PastSearch
from services.matcher.adapters.standing_topics import hit_takes, standing_takes
from services.matcher.adapters.status_server import StatusServer
from services.matcher.adapters.worker import faust_app
from services.matcher.index import HotListIndex
from services.matcher.join import Join
from services.matcher.settings import MatcherSettings
from services.matcher.standing import Standing
from services.matcher.windows import TOLD_FOR, SightingWindows


class Matching(Service):
    """The matcher's own services under the worker: status first, then all that it must know, and only then reads."""

    def __init__(self, settings: MatcherSettings, coming: ComingIntoForce, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._settings, self._coming = settings, coming

    async def on_start(self) -> None:
        """Starts them one after the other."""
        kafka, status = self._settings.kafka, Status()
        documents = DocumentFile(self._settings.work_folder)
        index = HotListIndex(documents)
        window = timedelta(seconds=self._settings.sighting_window_seconds)
        standing, windows = Standing(), SightingWindows(window)
        publisher = await self.add_async_context(open_publisher(kafka, source="matcher"))
        dead_letters = DeadLetters(publisher, "matcher")
        lists = TopicFollower(kafka, "standing", standing_takes(standing), dead_letters, status)
        entries = HotListReplica(kafka, index, dead_letters, status, beside=LoadingBeside(kafka, documents))
        hits = TopicFollower(kafka, "hits", hit_takes(windows), dead_letters, status, since=now() - TOLD_FOR)
        status.require("kafka", publisher.reachable)
        status.require("hot-lists", lists.is_complete)
        status.require("hot-list", entries.is_complete)
        status.require("hits", hits.is_complete)
        await self.add_runtime_dependency(StatusServer(self._settings.http, status))
        collect_rarely()
        for known in (lists, entries, hits):
            await self.add_runtime_dependency(known)
        collect_rarely()
        await self.add_runtime_dependency(ListAlarms(standing, publisher, status))
        await self.add_runtime_dependency(
            ReadMatcher(
                kafka,
                index=index,
                join=Join(index, standing, windows),
                hits=hits,
                publisher=publisher,
                dead_letters=dead_letters,
                status=status,
                batch_max=self._settings.batch_max,
            )
        )
        await self.add_runtime_dependency(self._coming)
        self._coming.search.set_result(PastSearch(kafka, standing, lists, publisher, window))


def worker(settings: MatcherSettings) -> faust.Worker:
    """The Faust worker with everything that runs in it. It leaves logging to us."""
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    coming = ComingIntoForce()
    app, matching = faust_app(settings, coming), Matching(settings, coming)
    return faust.Worker(app, matching, loop=loop, override_logging=False, redirect_stdouts=False, quiet=True)

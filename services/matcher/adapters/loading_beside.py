"""Loading some partitions of a long hot list in a process of its own, while the matcher loads the others.

What a list of millions costs is decoding it, which Python does on one processor only.
"""

import asyncio
import multiprocessing
import pickle
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path

import numpy as np
import uvloop

from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.settings import KafkaSettings
from services.matcher.adapters.document_file import DocumentFile, OpenFile
from services.matcher.adapters.memory import collect_rarely
from services.matcher.adapters.partition_load import Offsets, load_partitions
from services.matcher.columns import Columns
from services.matcher.listed import Listed
from services.matcher.loading import HotListLoad, Loaded

WORTH_IT_FROM = 500_000
"""Records. A process of its own takes a second to start, in which this many are half loaded."""


class LoadingBeside:
    """Starts the process, and takes over what it has loaded."""

    def __init__(self, settings: KafkaSettings, documents: DocumentFile, *, worth_it_from: int = WORTH_IT_FROM) -> None:
        self._settings, self._documents, self._worth_it_from = settings, documents, worth_it_from

    def is_worth_it(self, ends: Offsets) -> bool:
        """Whether the topic is so long that two processors are faster."""
        return sum(ends.values()) >= self._worth_it_from

    async def load(self, ends: Offsets) -> tuple[Loaded, dict[int, int]]:
        """What these partitions hold before these ends, and how far each was read.

        Raises EOFError when the process ends before it is done: the matcher then ends as well.
        """
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_load, args=(self._settings, dict(ends), self._documents.folder, theirs), daemon=True
        )
        process.start()
        theirs.close()
        try:
            return await asyncio.to_thread(self._take_over, ours)
        finally:
            ours.close()
            process.terminate()
            await asyncio.to_thread(process.join)

    def _take_over(self, pipe: Connection) -> tuple[Loaded, dict[int, int]]:
        part: _Part = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the process that we started
        high, low, keys, places = (np.frombuffer(pipe.recv_bytes(), dtype=np.uint64) for _ in range(4))
        files = [replace(file, descriptor=recv_handle(pipe)) for file in part.files]
        columns = Columns()
        columns.extend_by_halves(high, low, keys, self._documents.adopt(files, places))
        return Loaded(columns, part.special), part.reached


@dataclass(frozen=True, slots=True)
class _Part:
    """What is sent first: how far was read, and what the columns and the open files that follow do not say."""

    reached: dict[int, int]
    special: dict[int, Listed]
    files: list[OpenFile]


def _load(settings: KafkaSettings, ends: Offsets, folder: Path, pipe: Connection) -> None:
    """What the process does."""
    collect_rarely()
    documents = DocumentFile(folder)
    loaded, reached = uvloop.run(_loaded(settings, ends, documents))
    columns, files = loaded.columns, documents.contents()
    pipe.send_bytes(pickle.dumps(_Part(reached, loaded.special, files)))
    for column in (columns.high, columns.low, columns.keys, columns.places):
        pipe.send_bytes(column)
    for file in files:
        send_handle(pipe, file.descriptor, None)


async def _loaded(settings: KafkaSettings, ends: Offsets, documents: DocumentFile) -> tuple[Loaded, dict[int, int]]:
    load = HotListLoad(documents)
    async with open_publisher(settings, source="matcher") as publisher:
        reached = await load_partitions(settings, ends, load, DeadLetters(publisher, "matcher"))
    return load.finish(), reached

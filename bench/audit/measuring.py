"""The measurements: appending from what is on the topic to what is committed, proving, and verifying."""

import itertools
import random
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg

from bench.audit.looks import looks
from plateward.contracts.access import AccessRecord
from plateward.contracts.event import decode
from plateward.kernel.clock import now
from plateward.tlog.evidence import InclusionEvidence
from plateward.tlog.keys import PrivateKey, Role
from plateward.tlog.verifying import Trust, verify_record
from services.audit.adapters.checkpoint_store import CheckpointStore
from services.audit.adapters.log_store import LogStore
from services.audit.checkpointing import Checkpointer

PROOFS = 1000
CHECKPOINT_EVERY_SECONDS = 30


@dataclass(slots=True)
class Appending:
    """How long it took to decode records, make their canonical bytes and hashes, and commit them and the tree."""

    records: int = 0
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    """Of this process; PostgreSQL's is not in it."""
    record_bytes: int = 0
    checkpoint_ms: list[float] = field(default_factory=list)
    """Proving that the log has only grown, signing, committing. It is in the seconds above too."""

    @property
    def per_second(self) -> float:
        return self.records / self.wall_seconds


@dataclass(frozen=True, slots=True)
class Proving:
    """Proofs of records drawn by lot, as a client gets them; milliseconds are medians."""

    proof_bytes: int
    prove_ms: float
    prove_ms_p99: float
    verify_ms: float


class Bench:
    """A log that is filled, and then asked for proofs."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool, self._log, self._store = pool, LogStore(pool), CheckpointStore(pool)
        key = PrivateKey.generate("bench.example/access", Role.LOG)
        self._trust = Trust(key.public)
        self._checkpointer = Checkpointer(key, self._store.signing, now)

    async def fill(self, records: int, batch: int) -> AsyncIterator[Appending]:
        """Appends so many, as the service does; tells how it stands after each batch."""
        feed, appending, signed_at = looks(seed=1), Appending(), 0.0
        while appending.records < records:
            wire = list(itertools.islice(feed, min(batch, records - appending.records)))
            wall, cpu = time.perf_counter(), time.process_time()
            await self._log.append([decode(value, AccessRecord) for value in wire])
            if time.perf_counter() - signed_at > CHECKPOINT_EVERY_SECONDS:
                signed_at = time.perf_counter()
                await self._checkpointer.sign()
                appending.checkpoint_ms.append(1000 * (time.perf_counter() - signed_at))
            appending.wall_seconds += time.perf_counter() - wall
            appending.cpu_seconds += time.process_time() - cpu
            appending.records += len(wire)
            appending.record_bytes += sum(map(len, wire))
            yield appending

    async def prove(self, records: int) -> Proving:
        """Proves records drawn by lot under a checkpoint of all, and verifies each as a stranger would."""
        note = await self._checkpointer.sign()
        prove_ms, verify_ms, sizes = [], [], []
        for place in random.Random(2).choices(range(records), k=PROOFS):
            start = time.perf_counter()
            text = str(await self._store.prove_inclusion(place, note))
            prove_ms.append(1000 * (time.perf_counter() - start))
            sizes.append(len(text.encode()))
            record = await self._pool.fetchval("SELECT canonical FROM audit.records WHERE seq = $1", place)
            start = time.perf_counter()
            verify_record(record, InclusionEvidence.parse(text), self._trust)
            verify_ms.append(1000 * (time.perf_counter() - start))
        return Proving(
            max(sizes),
            statistics.median(prove_ms),
            statistics.quantiles(prove_ms, n=100)[-1],
            statistics.median(verify_ms),
        )

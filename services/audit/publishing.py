"""Checkpoints on time: a new one every so often and on demand, and every witness asked for its cosignature."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from plateward.kernel.pauses import pause
from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.notes import Signature, SignedNote
from services.audit.checkpointing import Checkpointer
from services.audit.cosigning import Prove, Witness, WitnessAhead, WitnessAway, WitnessRefuses, cosigned
from services.audit.metrics import CHECKPOINT_RECORDS, CHECKPOINT_TIME, COSIGNATURES

logger = structlog.get_logger("services.audit")


class SignedCheckpoints(Protocol):
    """Where checkpoints and their cosignatures are kept."""

    async def checkpoint(self) -> SignedNote | None:
        """The newest."""

    async def keep_cosignature(self, size: int, signature: Signature) -> None:
        """Keeps the latest of its witness for the checkpoint of this size."""


class Publishing:
    """Signs, has cosigned, and keeps. One at a time in this process; the store keeps processes apart."""

    def __init__(
        self, checkpointer: Checkpointer, witnesses: Sequence[Witness], prove: Prove, store: SignedCheckpoints
    ) -> None:
        self._checkpointer, self._witnesses, self._prove, self._store = checkpointer, witnesses, prove, store
        self._seen: dict[str, int] = {}
        self._one_at_a_time = asyncio.Lock()

    async def publish(self) -> None:
        """A checkpoint of the log as it is; raises TreeDamaged. A witness that does not cosign keeps nobody waiting."""
        async with self._one_at_a_time:
            note = await self._checkpointer.sign()
            CHECKPOINT_TIME.set_to_current_time()
            CHECKPOINT_RECORDS.set(checkpoint_of(note).size)
            await asyncio.gather(*(self._ask(witness, note) for witness in self._witnesses))

    async def run(self, stopping: asyncio.Event, *, every_seconds: float, beat: Callable[[], None]) -> None:
        """Publishes at once, and then this often, until told to stop."""
        while not stopping.is_set():
            beat()
            await self.publish()
            await pause(stopping, every_seconds)

    async def _ask(self, witness: Witness, note: SignedNote) -> None:
        name, size = witness.key.name, checkpoint_of(note).size
        seen = self._seen.pop(name, 0)
        try:
            signature = await cosigned(witness, note, self._prove, seen)
        except WitnessAway as reason:
            logger.warning("audit.witness_away", witness=name, reason=str(reason))
            COSIGNATURES.labels(name, "away").inc()
        except WitnessAhead as ahead:
            await self._judge(ahead, name)
        except WitnessRefuses as reason:
            self._note_refusal(name, str(reason))
        else:
            await self._store.keep_cosignature(size, signature)
            COSIGNATURES.labels(name, "given").inc()
            self._seen[name] = size

    async def _judge(self, ahead: WitnessAhead, name: str) -> None:
        """Another process of ours may have signed a longer log meanwhile; if none has, ours was cut short."""
        newest = await self._store.checkpoint()
        if newest is None or checkpoint_of(newest).size < ahead.size:
            self._note_refusal(name, str(ahead))

    def _note_refusal(self, name: str, reason: str) -> None:
        logger.error("audit.witness_refuses", witness=name, reason=reason)
        COSIGNATURES.labels(name, "refused").inc()

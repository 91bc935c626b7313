"""When the log may sign what it is: when it is what it last signed, and more."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from plateward.tlog.checkpoints import Checkpoint, checkpoint_of
from plateward.tlog.growing import RightEdge
from plateward.tlog.keys import NotSigned, PrivateKey
from plateward.tlog.notes import SignedNote
from plateward.tlog.proofs import NotProven, check_consistency
from plateward.tlog.verifying import Trust, verify_checkpoint
from services.audit.tree import TreeDamaged


class SigningLog(Protocol):
    """The stored log while one process, and no other, signs it."""

    async def newest(self) -> SignedNote | None:
        """The checkpoint of the longest log that was signed."""

    async def edge(self) -> RightEdge:
        """The log's right edge as it is now; raises TreeDamaged."""

    async def prove(self, first: int, second: int) -> tuple[bytes, ...]:
        """That the log of `first` records is the beginning of that of `second`; raises TreeDamaged."""

    async def keep(self, note: SignedNote, at: datetime) -> None:
        """Keeps a new checkpoint."""


class Checkpointer:
    """Signs checkpoints. It remembers the last one itself, so that no change of the database can take it back."""

    def __init__(
        self,
        key: PrivateKey,
        signing: Callable[[], AbstractAsyncContextManager[SigningLog]],
        now: Callable[[], datetime],
    ) -> None:
        self._key, self._signing, self._now = key, signing, now
        self._remembered: Checkpoint | None = None

    async def sign(self) -> SignedNote:
        """The checkpoint of the log as it is; raises TreeDamaged where it is not what was signed before, grown."""
        async with self._signing() as log:
            newest = await log.newest()
            before = [one for one in (self._own(newest), self._remembered) if one]
            edge = await log.edge()
            checkpoint = Checkpoint(self._key.name, edge.size, edge.root())
            for earlier in before:
                await _check_grown(log, earlier, checkpoint)
            if newest is None or checkpoint_of(newest) != checkpoint:
                newest = SignedNote(checkpoint.text(), (self._key.sign(checkpoint.text()),))
                await log.keep(newest, self._now())
        self._remembered = checkpoint
        return newest

    def _own(self, newest: SignedNote | None) -> Checkpoint | None:
        if newest is None:
            return None
        try:
            return verify_checkpoint(newest, Trust(self._key.public)).checkpoint
        except (NotSigned, NotProven, ValueError) as error:
            raise TreeDamaged(f"the newest checkpoint is not one that this log's key has signed: {error}") from error


async def _check_grown(log: SigningLog, earlier: Checkpoint, checkpoint: Checkpoint) -> None:
    if checkpoint.size < earlier.size:
        raise TreeDamaged(f"the log has {checkpoint.size} records, and had {earlier.size} when it was signed")
    try:
        proof = await log.prove(earlier.size, checkpoint.size)
        check_consistency(earlier.size, earlier.root, checkpoint.size, checkpoint.root, proof)
    except NotProven as error:
        raise TreeDamaged(f"the log is not the one that was signed, grown: {error}") from error

"""When a witness cosigns: where the log's own key signed, and what it has seen of the log before is its beginning."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from plateward.tlog.checkpoints import Checkpoint, checkpoint_of
from plateward.tlog.evidence import ConsistencyEvidence
from plateward.tlog.hashing import EMPTY_ROOT
from plateward.tlog.keys import PrivateKey, PublicKey
from plateward.tlog.notes import Signature, SignedNote
from plateward.tlog.proofs import NotProven, check_consistency
from plateward.tlog.text import Malformed


class UnknownLog(Exception):
    """Nobody asked this witness to watch that log."""


class AnotherSize(Exception):
    """The proof does not begin where the witness last looked: it says at which size it did."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the last checkpoint had {size} records")
        self.size = size


class AnotherLog(Exception):
    """The log's key has signed something that does not go on from what it signed before: evidence against the log."""

    def __init__(self, reason: str, before: SignedNote | None, now: SignedNote, *, same_size: bool) -> None:
        super().__init__(reason)
        self.before, self.now, self.same_size = before, now, same_size


class Remembered(Protocol):
    """What a witness knows of one log, while nobody else changes it."""

    def last(self) -> SignedNote | None:
        """The last checkpoint that it cosigned."""

    def keep(self, note: SignedNote) -> None:
        """Keeps this one in its place; returns when it is durable."""


class Memory(Protocol):
    """Where a witness keeps what it has seen."""

    def of(self, origin: str) -> AbstractContextManager[Remembered]:
        """What it knows of a log; whoever else asks waits."""


class Witnessing:
    """Cosigns the checkpoints of the logs that it watches."""

    def __init__(
        self, key: PrivateKey, logs: Mapping[str, PublicKey], memory: Memory, now: Callable[[], datetime]
    ) -> None:
        self._key, self._logs, self._memory, self._now = key, logs, memory, now

    def add_checkpoint(self, evidence: ConsistencyEvidence) -> Signature:
        """The cosignature, when it is kept that it was given.

        Raises UnknownLog, NotSigned, Malformed, AnotherSize, AnotherLog.
        """
        note = evidence.checkpoint
        checkpoint = checkpoint_of(note)
        if checkpoint.origin not in self._logs:
            raise UnknownLog(f"the log {checkpoint.origin} is not watched here")
        self._logs[checkpoint.origin].check_log(note)
        if evidence.old_size > checkpoint.size:
            raise Malformed("the old size is greater than the checkpoint's")
        with self._memory.of(checkpoint.origin) as remembered:
            _check(evidence, checkpoint, remembered.last())
            remembered.keep(note)
        return self._key.cosign(note.text, self._now())


def _check(evidence: ConsistencyEvidence, checkpoint: Checkpoint, before: SignedNote | None) -> None:
    last = checkpoint_of(before) if before else Checkpoint(checkpoint.origin, 0, EMPTY_ROOT)
    if evidence.old_size != last.size:
        raise AnotherSize(last.size)
    try:
        check_consistency(last.size, last.root, checkpoint.size, checkpoint.root, evidence.path)
    except NotProven as error:
        same_size = last.size == checkpoint.size and last.root != checkpoint.root
        raise AnotherLog(str(error), before, evidence.checkpoint, same_size=same_size) from error

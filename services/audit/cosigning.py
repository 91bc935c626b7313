"""Asking a witness to cosign a checkpoint: it does so where the log has only grown since it last looked."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.evidence import ConsistencyEvidence
from plateward.tlog.keys import NotSigned, PublicKey
from plateward.tlog.notes import Signature, SignedNote
from plateward.tlog.text import Malformed


class WitnessAway(Exception):
    """The witness cannot be had now; says why."""


class WitnessRefuses(Exception):
    """The witness will not cosign: it has seen another log under this name than ours. Says what it said."""


class WitnessAhead(Exception):
    """The witness has seen more records than the checkpoint has: it says how many."""

    def __init__(self, size: int) -> None:
        super().__init__(f"it has seen {size} records")
        self.size = size


class Witness(Protocol):
    """Somebody else who watches that the log only grows."""

    @property
    def key(self) -> PublicKey:
        """What its cosignatures are checked with."""

    async def add_checkpoint(self, evidence: ConsistencyEvidence) -> tuple[Signature, ...] | int:
        """Its cosignatures, or the size that it has seen where the evidence begins with another.

        Raises WitnessAway, WitnessRefuses.
        """


Prove = Callable[[int, SignedNote], Awaitable[ConsistencyEvidence]]
"""That the log of so many records is the beginning of the one of this checkpoint."""


async def cosigned(witness: Witness, note: SignedNote, prove: Prove, seen: int) -> Signature:
    """The witness's cosignature, that is checked; `seen` is the size at which it is thought to have looked last.

    Raises WitnessAway, WitnessAhead, WitnessRefuses.
    """
    answer = await witness.add_checkpoint(await prove(seen, note))
    if isinstance(answer, int):
        if answer > checkpoint_of(note).size:
            raise WitnessAhead(answer)
        answer = await witness.add_checkpoint(await prove(answer, note))
    if isinstance(answer, int):
        raise WitnessAway(f"it has meanwhile seen {answer} records")
    return _checked(witness.key, note, answer)


def _checked(key: PublicKey, note: SignedNote, answer: tuple[Signature, ...]) -> Signature:
    own = [one for one in answer if (one.name, one.key_id) == (key.name, key.key_id)]
    try:
        key.check_witness(SignedNote(note.text, tuple(own)))
    except (NotSigned, Malformed) as error:
        raise WitnessRefuses(f"its answer is no cosignature of the checkpoint: {error}") from error
    return own[0]

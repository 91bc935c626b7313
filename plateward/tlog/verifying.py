"""What a verifier does: a whole log, one record, or two checkpoints, against keys that the verifier trusts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from plateward.tlog.checkpoints import Checkpoint, checkpoint_of
from plateward.tlog.evidence import ConsistencyEvidence, InclusionEvidence
from plateward.tlog.growing import TILE_WIDTH, RightEdge
from plateward.tlog.hashing import leaf_hash
from plateward.tlog.keys import NotSigned, PublicKey, Role
from plateward.tlog.notes import SignedNote
from plateward.tlog.proofs import NotProven, check_consistency, check_inclusion
from plateward.tlog.timestamps import Authorities


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word counts: the log's key, how many of which witnesses must have cosigned, and who stamps its time."""

    log: PublicKey
    witnesses: tuple[PublicKey, ...] = ()
    quorum: int = 0
    authorities: Authorities | None = None
    """None: no time-stamp is asked for."""

    def __post_init__(self) -> None:
        if self.log.role is not Role.LOG or any(one.role is not Role.WITNESS for one in self.witnesses):
            raise ValueError("the key of a log is of the type 1, that of a witness of the type 4")
        if self.quorum > len({one.key for one in self.witnesses}):
            raise ValueError(f"{self.quorum} witnesses are asked for, and fewer are named")


@dataclass(frozen=True, slots=True)
class Verified:
    """A checkpoint that is the log's own, and when each trusted witness cosigned it and each authority saw it."""

    checkpoint: Checkpoint
    cosigned_at: dict[str, datetime]
    stamped_at: dict[str, datetime] = field(default_factory=dict)


def verify_checkpoint(note: SignedNote, trust: Trust) -> Verified:
    """The checkpoint of this note; raises NotSigned, NotStamped, NotProven for another log's, Malformed."""
    trust.log.check_log(note)
    checkpoint = checkpoint_of(note)
    if checkpoint.origin != trust.log.name:
        raise NotProven(f"the checkpoint is of the log {checkpoint.origin}, not of {trust.log.name}")
    cosigned_at = {}
    signed = {(signature.name, signature.key_id) for signature in note.signatures}
    for witness in trust.witnesses:
        if (witness.name, witness.key_id) in signed:
            cosigned_at[witness.name] = witness.check_witness(note)
    if len(cosigned_at) < trust.quorum:
        raise NotSigned(f"{len(cosigned_at)} witnesses have cosigned the checkpoint, and {trust.quorum} must have")
    return Verified(checkpoint, cosigned_at, trust.authorities.stamps_of(note) if trust.authorities else {})


def verify_log(records: Iterable[bytes], note: SignedNote, trust: Trust) -> Verified:
    """The checkpoint, where these are all of its records in their order; raises as `verify_checkpoint`, and NotProven.

    Records are read once, and few of them are held at a time.
    """
    verified = verify_checkpoint(note, trust)
    edge, batch = RightEdge(), list[bytes]()
    for record in records:
        batch.append(leaf_hash(record))
        if len(batch) == TILE_WIDTH:
            edge.append(batch)
            batch.clear()
    edge.append(batch)
    if edge.size != verified.checkpoint.size:
        raise NotProven(f"the log has {edge.size} records, and its checkpoint says {verified.checkpoint.size}")
    if edge.root() != verified.checkpoint.root:
        raise NotProven("the records are not those that the checkpoint was signed for")
    return verified


def verify_record(record: bytes, evidence: InclusionEvidence, trust: Trust) -> Verified:
    """The checkpoint, where the record is in its log; raises as `verify_checkpoint`, and NotProven."""
    verified = verify_checkpoint(evidence.checkpoint, trust)
    checkpoint = verified.checkpoint
    check_inclusion(leaf_hash(record), evidence.index, checkpoint.size, evidence.path, checkpoint.root)
    return verified


def verify_consistency(old: SignedNote, evidence: ConsistencyEvidence, trust: Trust) -> tuple[Verified, Verified]:
    """Both checkpoints, where the old log is the beginning of the other; raises as `verify_checkpoint`, NotProven."""
    first, second = verify_checkpoint(old, trust), verify_checkpoint(evidence.checkpoint, trust)
    if first.checkpoint.size != evidence.old_size:
        raise NotProven(f"the proof is from {evidence.old_size} records, the checkpoint of {first.checkpoint.size}")
    before, after = first.checkpoint, second.checkpoint
    check_consistency(before.size, before.root, after.size, after.root, evidence.path)
    return first, second

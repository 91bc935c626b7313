"""Drawing an audit's sample again from an exported log, with no server and nobody's word but the log's key."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from plateward.contracts.access import AccessRecord
from plateward.contracts.event import ContractError, decode
from plateward.policy.sampling import Window, drawn
from plateward.tlog.growing import RightEdge
from plateward.tlog.hashing import leaf_hash
from plateward.tlog.notes import SignedNote
from plateward.tlog.proofs import NotProven
from plateward.tlog.verifying import Trust, verify_checkpoint


def redrawn(records: Iterable[bytes], seed: SignedNote, opening: uuid.UUID, trust: Trust) -> tuple[uuid.UUID, ...]:
    """The sample of the audit that was opened by this look, by the checkpoint that drew it.

    The records are the log's from its beginning; those beyond the checkpoint are not looked at. Raises NotSigned,
    NotProven, Malformed.
    """
    checkpoint = verify_checkpoint(seed, trust).checkpoint
    edge, known = RightEdge(), list[AccessRecord]()
    for content in records:
        if edge.size == checkpoint.size:
            break
        edge.append([leaf_hash(content)])
        try:
            known.append(decode(content, AccessRecord))
        except ContractError as error:
            raise NotProven(f"record {edge.size - 1} is no access record: {error}") from error
    if (edge.size, edge.root()) != (checkpoint.size, checkpoint.root):
        raise NotProven("the records are not those under the checkpoint")
    window, count = _asked_for(known, opening)
    return drawn(checkpoint.root, (record.id for record in known if window.holds(record)), count)


def _asked_for(records: list[AccessRecord], opening: uuid.UUID) -> tuple[Window, int]:
    for record in records:
        if record.access_id == opening and record.action == "open-audit" and record.phase == "asked":
            query = record.query
            since, until = datetime.fromisoformat(query["since"]), datetime.fromisoformat(query["until"])
            return Window(record.actor.agency_id, since, until), int(query["sample"])
    raise NotProven("the records under the checkpoint have no opening of an audit under this number")

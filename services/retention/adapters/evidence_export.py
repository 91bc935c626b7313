"""An evidence package of a hold: its reads, hits, pictures, access trail and chain of custody, with a summary."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from plateward.kernel.evidence_packages import packed
from plateward.kernel.signatures import Signer
from plateward.policy.profile import AgencyProfile
from services.retention.adapters.evidence_pdf import summary
from services.retention.adapters.evidence_store import EvidenceStore, Item
from services.retention.adapters.evidence_trail import AccessTrail
from services.retention.holds import Hold

READ_ME = """Evidence of licence-plate reads

summary.pdf    for people: what was read, where and when, with the pictures
reads/         each read as it was kept, as JSON
images/        the pictures, by read
hits/          alerts that the reads raised, as JSON
access.jsonl   who looked at these reads, one access record a line
custody.json   what was done with this evidence, by whom
manifest.json  what is in this package, for which case, and who asked for and agreed to it

To check it by hand: sha256sum --check SHA256SUMS. signature.json is the Ed25519 signature over SHA256SUMS.
To check both: plateward evidence verify PACKAGE.
"""


async def exported(
    store: EvidenceStore,
    trail: AccessTrail,
    hold: Hold,
    *,
    who: str,
    at: datetime,
    profile: AgencyProfile,
    signer: Signer,
) -> bytes:
    """The package; that it was exported, by whom, and its hash go into the chain of custody. Raises KeyGone."""
    items = await store.items(hold)
    reads = [item for item in items if item.kind == "read"]
    pictures = {read.id: {kind: data async for kind, data in store.pictures(hold, read.id)} for read in reads}
    await store.note(hold.id, who, "exported")
    files = {"README.txt": READ_ME.encode(), "access.jsonl": await _trail(trail, hold, reads)}
    files |= {f"{item.kind}s/{item.id}.json": _json(item.document) for item in items}
    files |= {f"images/{id_}/{kind}.jpg": data for id_, of_read in pictures.items() for kind, data in of_read.items()}
    files["custody.json"] = _json(await store.custody(hold.id))
    head = [
        ("Case", hold.case_number),
        ("Agency", profile.name),
        ("Reason", hold.reason),
        ("Asked for by", hold.requested_by),
        ("Agreed to by", hold.approved_by),
        ("Exported by", who),
        ("Exported at", at.isoformat(timespec="seconds")),
        ("Kept in evidence until", hold.ends_on.isoformat()),
        ("Reads", str(len(reads))),
    ]
    files["summary.pdf"] = summary(head, [(read.document, pictures[read.id]) for read in reads])
    files["manifest.json"] = _json({**dict(head), "hold": hold.id, "files": _sums(files)})
    package = packed(files, signer)
    await store.note(hold.id, who, "package made", hashlib.sha256(package).hexdigest())
    return package


async def _trail(trail: AccessTrail, hold: Hold, reads: list[Item]) -> bytes:
    """The access records that name one of the reads or its plate, since the first of them was made."""
    named = {str(read.id) for read in reads}
    named |= {read.document[spelling] for read in reads for spelling in ("plate", "match_key")}
    since = min(datetime.fromisoformat(read.document["captured_at"]) for read in reads)
    records = await trail.naming(named, hold.agency_id, since)
    return "".join(f"{json.dumps(one, sort_keys=True)}\n" for one in records).encode()


def _sums(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def _json(document: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2)

"""A written request by somebody outside, the track that it goes, and what may happen to it next. Pure."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import msgspec

from plateward.contracts.access import Actor
from plateward.contracts.event import Moment
from plateward.policy.profile import AgencyProfile, OtherTrack, PartnerKind
from plateward.policy.reasons import Lacking, Missing
from services.gateway.people import Person
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

KINDS: tuple[str, ...] = (*get_args(PartnerKind), *get_args(OtherTrack))
"""Who can ask: an agency, or by what anybody else does."""

Track = Literal["agency", "others"]
ReleaseState = Literal["received", "approved", "refused", "packed", "handed-over"]

"""So many characters say why a request was approved or refused."""


class ReleaseRefused(Lacking):
    """A request that cannot be taken, or a step that cannot be made; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRelease:
    """A request as it was written."""

    kind: str
    agency: str = ""
    person: str = ""
    contact: str = ""
    purpose: str = ""
    authority: str = ""
    """The court's order, or the law, by which anybody else asks."""
    letter: str = ""
    """Where the written request is on file."""
    asked_for: str = ""
    """What is asked for, in the words of the request."""
    plate: str = ""
    case_number: str = ""
    captured_from: datetime | None = None
    captured_until: datetime | None = None


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """What was packed of it: known by its hash even when it is gone."""

    sha256: str
    signer: str
    search_id: uuid.UUID
    reads: int
    made_by: Actor
    made_at: Moment
    expires_at: Moment
    """Until when it can be downloaded: not beyond the day of a read in it."""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A request on file, and all that has become of it."""

    id: uuid.UUID
    number: str
    """The agency's own, in the order in which requests came."""
    agency_id: str
    track: Track
    kind: str
    agency: str
    person: str
    contact: str
    purpose: str
    authority: str
    letter: str
    asked_for: str
    plate: str
    case_number: str
    captured_from: Moment | None
    captured_until: Moment | None
    received_by: Actor
    received_at: Moment
    forwarded_to: str
    """Who has it to decide on, at once (Kentucky IV.O.3)."""
    version: int = 1
    decided_by: Actor | None = None
    decided_at: Moment | None = None
    agreed: bool | None = None
    statement: str = ""
    package: Package | None = None
    handed_to: str = ""
    handed_how: str = ""
    handed_by: Actor | None = None
    handed_at: Moment | None = None

    @property
    def state(self) -> ReleaseState:
        """How it stands."""
        if self.handed_at is not None:
            return "handed-over"
        if self.agreed is None:
            return "received"
        if not self.agreed:
            return "refused"
        return "approved" if self.package is None else "packed"


def track_of(kind: str) -> Track:
    """The way that a request goes: an agency's, or that of anybody else (Barstow 466.7, Flagstaff 317.8.D)."""
    return "agency" if kind in get_args(PartnerKind) else "others"


def deciders(profile: AgencyProfile, track: Track) -> tuple[str, ...]:
    """The titles that decide on requests of a track."""
    rules = profile.releases
    return rules.others_approvers or rules.approvers if track == "others" else rules.approvers


def what_a_request_lacks(new: NewRelease, profile: AgencyProfile) -> tuple[Missing, ...]:
    """What keeps a request from being taken; empty when nothing does."""
    missing = [*_kind_missing(new.kind, profile)]
    missing += [
        Missing(name, f"{label} is missing")
        for name, label in LABELS.items()
        if name in _asked_of(new, profile) and not getattr(new, name).strip()
    ]
    if not (new.plate.strip() or new.case_number.strip() or new.asked_for.strip() or new.captured_from):
        missing.append(Missing("asked_for", "what is asked for is missing: a plate, a time, a case, or in words"))
    if (new.captured_from is None) != (new.captured_until is None):
        missing.append(Missing("captured_until", "a time has a beginning and an end"))
    elif new.captured_from and new.captured_until and new.captured_until <= new.captured_from:
        missing.append(Missing("captured_until", "must lie after captured_from"))
    texts = {name: getattr(new, name) for name in (*LABELS, "contact", "asked_for", "plate", "case_number")}
    return (*missing, *unwritable(texts))


LABELS = {
    "agency": "The name of the agency",
    "person": "The name of the person requesting",
    "purpose": "The intended purpose",
    "authority": "The court's order",
    "letter": "Where the written request is on file",
}


def _asked_of(new: NewRelease, profile: AgencyProfile) -> set[str]:
    """What the request must name: of an agency what the policy says, of anybody else who it is."""
    if track_of(new.kind) == "agency":
        return {"letter", "agency", *profile.releases.written_request_names}
    return {"letter", "person", *(("authority",) if new.kind == "court-order" else ())}


def _kind_missing(kind: str, profile: AgencyProfile) -> tuple[Missing, ...]:
    if kind not in KINDS:
        return (Missing("kind", f"must be one of: {', '.join(KINDS)}"),)
    if track_of(kind) == "agency" and kind not in profile.sharing.partners:
        rule = (
            f"{profile.policy} ({profile.sharing.section}) shares with no {kind} agencies: it is anybody else's request"
        )
        return (Missing("kind", rule),)
    if track_of(kind) == "others" and kind not in profile.releases.others:
        return (Missing("kind", f"{profile.policy} ({profile.releases.section}) takes no such request"),)
    return ()


def received(new: NewRelease, number: str, profile: AgencyProfile, by: Person, at: datetime) -> Release:
    """The request on file, with whoever decides; it lacks nothing."""
    track = track_of(new.kind)
    to = profile.releases.others_to if track == "others" else " or the ".join(deciders(profile, track))
    texts = ("agency", "person", "contact", "purpose", "authority", "letter", "asked_for", "plate", "case_number")
    return Release(
        id=uuid.uuid4(),
        number=number,
        agency_id=profile.id,
        track=track,
        kind=new.kind,
        **{name: getattr(new, name).strip() for name in texts},
        captured_from=new.captured_from,
        captured_until=new.captured_until,
        received_by=by.actor,
        received_at=at,
        forwarded_to=to,
    )


def decided(
    release: Release, profile: AgencyProfile, by: Person, *, agreed: bool, statement: str, at: datetime
) -> Release:
    """The request with the decision on it; raises ReleaseRefused."""
    may = deciders(profile, release.track)
    if release.state != "received":
        raise ReleaseRefused(Missing("decision", f"is made: {release.state}"))
    if by.title not in may:
        raise ReleaseRefused(Missing("decision", f"is made by: {', '.join(may)}"))
    if len(statement.strip()) < STATEMENT_AT_LEAST:
        raise ReleaseRefused(Missing("statement", f"says why, in at least {STATEMENT_AT_LEAST} characters"))
    _require_written({"statement": statement})
    return _changed(release, decided_by=by.actor, decided_at=at, agreed=agreed, statement=statement.strip())


def require_packing(release: Release, owners: tuple[str, ...]) -> None:
    """Raises ReleaseRefused unless reads of these owners may be packed for it: the agency's own, once approved."""
    if release.state not in ("approved", "packed"):
        raise ReleaseRefused(Missing("package", f"is made of an approved request, and this one is {release.state}"))
    others = [owner for owner in owners if owner != release.agency_id]
    if others:
        raise ReleaseRefused(
            Missing(
                "search_id", f"finds reads of {', '.join(others)}, which their owner releases: search your own alone"
            )
        )


def packed_as(release: Release, package: Package) -> Release:
    """The request with its package; a new one takes the place of one before."""
    return _changed(release, package=package)


def handed_over(release: Release, by: Person, *, to: str, how: str, at: datetime) -> Release:
    """The request done: what was packed is with somebody; raises ReleaseRefused."""
    if release.state != "packed":
        rule = f"follows a package, and this request is {release.state}"
        raise ReleaseRefused(Missing("handed_to", rule))
    missing = [Missing(name, "is missing") for name, text in (("to", to), ("how", how)) if not text.strip()]
    if missing:
        raise ReleaseRefused(*missing)
    _require_written({"to": to, "how": how})
    return _changed(release, handed_to=to.strip(), handed_how=how.strip(), handed_by=by.actor, handed_at=at)


def _require_written(texts: dict[str, str | None]) -> None:
    unkept = unwritable(texts)
    if unkept:
        raise ReleaseRefused(*unkept)


def _changed(release: Release, **changes: object) -> Release:
    return msgspec.structs.replace(release, version=release.version + 1, **changes)

"""What an agency publishes, as a document, and how it is made of what the stores know. Pure."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.event import Moment
from plateward.contracts.sharing import DataKind, SharingAgreement
from plateward.matching.sharing import is_in_force
from plateward.policy.cameras import what_bars
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.plain_words import in_plain_words
from plateward.policy.profile import AgencyProfile
from services.gateway.transparency.figures import Figure, publishable, rate_per_thousand

OTHER_PURPOSES = "Other purposes"
ELSEWHERE = "Elsewhere"
FALSE_HITS_UNKNOWN = (
    "Not known: what became of a hit, and so whether it was false, is not written down in the system so far."
)
"""What is said of the false hits, for as long as nobody can enter what a hit turned out to be."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many of something."""

    label: str
    count: Figure


class Equipment(msgspec.Struct, frozen=True, kw_only=True):
    """The cameras of an area; cameras are no people, so their number is told as it is."""

    area: str
    cameras: int


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """What one agency shares with another under a memorandum of understanding."""

    mou: str
    grantor: str
    grantee: str
    shared: tuple[DataKind, ...]
    until: Moment


class Purge(msgspec.Struct, frozen=True, kw_only=True):
    """A day's data, deleted, and the certificate of that."""

    day: date
    certificate: uuid.UUID
    issued_at: Moment


class AuditsDone(msgspec.Struct, frozen=True, kw_only=True):
    """What the agency's own audits of its searches came to."""

    from_day: date
    closed: Figure
    inquiries: Figure
    """How many searches they looked at."""
    violations: Figure
    """How many of these were found to be against the policy."""
    last_closed_on: date | None
    """None without any; an audit is about no single person, so its day is told."""


class PolicyChapter(msgspec.Struct, frozen=True, kw_only=True):
    """What the policy says of one subject."""

    title: str
    section: str
    sentences: tuple[str, ...]


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """All that an agency publishes."""

    agency: str
    policy: str
    computed_at: Moment
    from_day: date
    until_day: date
    """The last day that the figures count; both are on the agency's calendar."""
    cameras: tuple[Equipment, ...]
    cameras_in_service: int
    reads: Figure
    hits: Figure
    hits_per_thousand_reads: float | None
    false_hits: str
    searches: Figure
    searches_by_purpose: tuple[Counted, ...]
    partners: tuple[Partner, ...]
    audits: AuditsDone
    purges: tuple[Purge, ...]
    policy_in_plain_words: tuple[PolicyChapter, ...]


@dataclass(frozen=True, slots=True)
class Audited:
    """What the stores know of the audits that an agency closed since a day."""

    from_day: date
    closed: int = 0
    inquiries: int = 0
    violations: int = 0
    last_closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the stores know of an agency's use in these days."""

    from_day: date
    until_day: date
    reads: int
    hits: int
    searches: Mapping[str, int]
    """By the id of the purpose."""
    cameras: Sequence[CameraRegistration]
    agreements: Sequence[SharingAgreement]
    """Those that stood at the end of the last day."""
    purges: Sequence[Purge]
    audited: Audited
    ended_at: datetime
    """When the last day ended."""


def publication(profile: AgencyProfile, known: Known, policies: PolicyCatalogue, at: datetime) -> Publication:
    """What the agency publishes at this time."""
    reads, hits = publishable(known.reads), publishable(known.hits)
    return Publication(
        agency=profile.name,
        policy=profile.policy,
        computed_at=at,
        from_day=known.from_day,
        until_day=known.until_day,
        cameras=_by_area(profile, known.cameras),
        cameras_in_service=sum(what_bars(camera, at) is None for camera in known.cameras),
        reads=reads,
        hits=hits,
        hits_per_thousand_reads=rate_per_thousand(hits, reads),
        false_hits=FALSE_HITS_UNKNOWN,
        searches=publishable(sum(known.searches.values())),
        searches_by_purpose=_by_purpose(profile, known.searches),
        partners=_partners(profile, known.agreements, policies, known.ended_at),
        audits=_audits(known.audited),
        purges=tuple(known.purges),
        policy_in_plain_words=tuple(
            PolicyChapter(title=chapter.title, section=chapter.section, sentences=chapter.sentences)
            for chapter in in_plain_words(profile)
        ),
    )


def _by_area(profile: AgencyProfile, cameras: Sequence[CameraRegistration]) -> tuple[Equipment, ...]:
    """By the beats that the policy names; where it names none, the whole agency is one area."""
    if not profile.cameras.beats:
        return (Equipment(area=f"All of {profile.name}", cameras=len(cameras)),) if cameras else ()
    of_beat = {camera_id: beat.label for beat in profile.cameras.beats for camera_id in beat.cameras}
    counts = Counter(of_beat.get(camera.camera_id, ELSEWHERE) for camera in cameras)
    return tuple(Equipment(area=area, cameras=count) for area, count in sorted(counts.items()))


def _by_purpose(profile: AgencyProfile, searches: Mapping[str, int]) -> tuple[Counted, ...]:
    """Every purpose that the policy allows, also those of no search."""
    labels = {purpose.id: purpose.label for purpose in profile.purposes.allowed}
    counts = Counter(dict.fromkeys(labels.values(), 0))
    for purpose_id, count in searches.items():
        counts[labels.get(purpose_id, OTHER_PURPOSES)] += count
    return tuple(Counted(label=label, count=publishable(count)) for label, count in counts.items())


def _audits(done: Audited) -> AuditsDone:
    return AuditsDone(
        from_day=done.from_day,
        closed=publishable(done.closed),
        inquiries=publishable(done.inquiries),
        violations=publishable(done.violations),
        last_closed_on=done.last_closed_on,
    )


def _partners(
    profile: AgencyProfile, agreements: Sequence[SharingAgreement], policies: PolicyCatalogue, at: datetime
) -> tuple[Partner, ...]:
    def name(agency_id: str) -> str:
        return policies[agency_id].name if agency_id in policies else agency_id

    return tuple(
        Partner(
            mou=f"{one.mou_id}, version {one.mou_version}",
            grantor=name(one.grantor),
            grantee=name(one.grantee),
            shared=one.data_kinds,
            until=one.ends_at,
        )
        for one in sorted(agreements, key=lambda one: (one.mou_id, one.grantor, one.grantee))
        if profile.id in (one.grantor, one.grantee) and is_in_force(one, at)
    )

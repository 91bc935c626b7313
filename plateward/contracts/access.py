"""Who looked at what, when, and why: the access record (Cal. Civ. Code 1798.90.52; Barstow 466.3.1.d)."""

import uuid
from datetime import datetime
from typing import ClassVar, Literal, get_args

import msgspec

from plateward.contracts.event import Event, Moment, Value, derive_id

Action = Literal[
    "search",
    "view-image",
    "watch-hits",
    "list-entries",
    "enter-entry",
    "remove-entry",
    "suspend-entry",
    "explain",
    "list-cameras",
    "change-camera",
    "check-camera",
    "list-people",
    "change-account",
    "review-account",
    "record-training",
    "suspend-person",
    "sign-in",
    "failed-sign-in",
    "lock-account",
    "concurrent-sessions",
    "purge",
    "export-reads",
    "download-export",
    "ask-approval",
    "list-approvals",
    "decide-approval",
    "list-entry-requests",
    "decide-entry",
    "renew-entry",
    "list-compiled-lists",
    "define-compiled-list",
    "decide-compiled-list",
    "compile-list",
    "list-shared-lists",
    "share-list",
    "list-releases",
    "receive-release",
    "decide-release",
    "pack-release",
    "download-release",
    "hand-over-release",
    "list-lists",
    "refresh-list",
    "decide-refresh",
    "list-alarms",
    "close-alarm",
    "list-holds",
    "ask-hold",
    "decide-hold",
    "list-agreements",
    "propose-agreement",
    "sign-agreement",
    "suspend-agreement",
    "pass-on-agreement",
    "receive-agreement",
    "list-clients",
    "register-client",
    "admit-client",
    "withdraw-client",
    "end-client",
    "give-token",
    "refuse-client",
    "open-audit",
    "view-audit",
    "judge-inquiry",
    "close-audit",
    "review-audit",
    "view-report",
    "deliver-report",
    "receive-hit",
    "list-deliveries",
    "send-hit-again",
]
AccessPhase = Literal["asked", "answered", "failed"]
PHASES: tuple[AccessPhase, ...] = get_args(AccessPhase)


class Actor(Value, frozen=True):
    """The person who looks, and the organisation that they are of: never a shared account (Kentucky IV.B)."""

    person_id: str
    username: str
    name: str
    title: str
    agency_id: str


class Reason(Value, frozen=True):
    """The purpose and the written reason, in a form that the actor's agency accepts."""

    purpose: str
    form: str
    values: dict[str, str]


class CaseCheck(Value, frozen=True):
    """What the agency's own register of cases (CAD or RMS) said of the case that the reason names."""

    number: str
    found: Literal["known", "unknown", "unreachable", "no-register"]


class Approved(Value, frozen=True):
    """The supervisor who agreed to this one look, and what they wrote (Stockton III.A.1.c)."""

    approval_id: uuid.UUID
    by: Actor
    at: Moment
    statement: str


class SharedUnder(Value, frozen=True):
    """Under which MOU an owner's data was looked at, as it was agreed then."""

    owner: str
    mou: str
    version: int


class AccessRecord(Event, frozen=True):
    """One look at the data. It is durable before the data leaves; its outcome follows as a second record."""

    TYPE: ClassVar[str] = "plateward.access-record.v1"

    id: uuid.UUID
    access_id: uuid.UUID
    """What the record of asking and the record of the outcome share; the number that pages show."""
    phase: AccessPhase
    at: Moment
    actor: Actor
    action: Action
    query: dict[str, str]
    """The plate or other data elements used to query."""
    reason: Reason
    owners: tuple[str, ...]
    """The agencies whose data it is."""
    address: str
    session: str
    """The session's public number, never its secret."""
    results: int | None = None
    problem: str | None = None
    case: CaseCheck | None = None
    approved: Approved | None = None
    shared_under: tuple[SharedUnder, ...] = ()
    """By which MOU, and which version of it, the data of other agencies could be looked at."""


def access_record_id(access_id: uuid.UUID, phase: AccessPhase) -> uuid.UUID:
    """The id of a look's record of this phase: whoever has the look's number can ask for its records."""
    return derive_id("access", access_id, phase)


def outcome_of(
    asked: AccessRecord, phase: AccessPhase, at: datetime, *, results: int | None = None, problem: str | None = None
) -> AccessRecord:
    """The record of how the look that was asked for has ended."""
    return msgspec.structs.replace(
        asked, id=access_record_id(asked.access_id, phase), phase=phase, at=at, results=results, problem=problem
    )

"""An audit and its inquiries, from the opening to the memorandum on file."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from plateward.contracts.access import AccessRecord, Actor
from plateward.policy.reasons import Lacking, Missing
from plateward.policy.sampling import Window
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

AuditState = Literal["waiting", "drawn", "closed", "filed"]
"""`waiting`: for the checkpoint that is the seed; `closed`: the memorandum waits for its reviewer."""

Verdict = Literal["within-policy", "violation", "undetermined"]


class AuditRefused(Lacking):
    """This cannot be done to the audit, or not in these words; says why."""


@dataclass(frozen=True, slots=True)
class Seed:
    """The checkpoint that drew the sample, as it was signed, and how many inquiries the window had under it."""

    checkpoint: str
    size: int
    root: bytes
    population: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an auditor found of an inquiry."""

    verdict: Verdict
    data_errors: str
    """Errors of the data, so that they can be mended (Flagstaff 317.10.3, Kentucky IV.Q.3); empty without any."""
    note: str
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Sampled:
    """An inquiry of the sample: its place in the lot, from 1, and what was found of it, once it was."""

    place: int
    record_id: uuid.UUID
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Who closed or reviewed an audit, when, and in which words."""

    by: Actor
    at: datetime
    statement: str


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit, as far as it has come."""

    id: uuid.UUID
    window: Window
    sample_size: int
    access_id: uuid.UUID
    """The number of the look under which it was opened: the sample is drawn by what was signed after it."""
    opened_by: Actor
    opened_at: datetime
    seed: Seed | None = None
    sample: tuple[Sampled, ...] = ()
    closed: Told | None = None
    reviewer: str | None = None
    """The title to whom the memorandum goes, as the policy had it at the close."""
    reviewed: Told | None = None

    @property
    def state(self) -> AuditState:
        """How far the audit has come."""
        if self.closed is None:
            return "waiting" if self.seed is None else "drawn"
        return "filed" if self.reviewer is None or self.reviewed is not None else "closed"

    @property
    def to_judge(self) -> int:
        """How many inquiries have no verdict yet."""
        return sum(one.judgement is None for one in self.sample)


@dataclass(frozen=True, slots=True)
class Examined:
    """An inquiry as an auditor sees it: what the log has of it, and the outcome, where there is one."""

    sampled: Sampled
    index: int
    """Its number in the access log."""
    asked: AccessRecord
    outcome: AccessRecord | None


def what_a_judgement_lacks(judgement: Judgement, asked: AccessRecord) -> tuple[Missing, ...]:
    """Why this cannot be written down; nobody judges what they asked themselves."""
    missing = list(unwritable({"data_errors": judgement.data_errors, "note": judgement.note}))
    if judgement.by.person_id == asked.actor.person_id:
        missing.append(Missing("verdict", "is for somebody else to give: this inquiry is your own"))
    if judgement.verdict != "within-policy" and len(judgement.note) < STATEMENT_AT_LEAST:
        missing.append(
            Missing("note", f"must say in {STATEMENT_AT_LEAST} characters or more what is wrong or not known")
        )
    return tuple(missing)


def what_a_close_lacks(audit: Audit, statement: str) -> tuple[Missing, ...]:
    """Why the audit cannot be closed with these words."""
    if audit.seed is None:
        return (Missing("audit", "has no sample yet: the next checkpoint draws it"),)
    missing = list(_what_a_statement_lacks(statement))
    if audit.to_judge:
        missing.append(Missing("audit", f"has {audit.to_judge} inquiries without a verdict"))
    return tuple(missing)


def what_a_review_lacks(audit: Audit, reviewer: Actor, statement: str) -> tuple[Missing, ...]:
    """Why this person cannot review the memorandum with these words."""
    if audit.closed is None:
        return (Missing("audit", "is not closed yet"),)
    missing = list(_what_a_statement_lacks(statement))
    if audit.closed.by.person_id == reviewer.person_id:
        missing.append(Missing("statement", "is for somebody else to give: you wrote the memorandum"))
    return tuple(missing)


def _what_a_statement_lacks(statement: str) -> tuple[Missing, ...]:
    if len(statement.strip()) < STATEMENT_AT_LEAST:
        return (Missing("statement", f"must have {STATEMENT_AT_LEAST} characters or more"),)
    return unwritable({"statement": statement})

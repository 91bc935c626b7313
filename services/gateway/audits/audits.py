"""Auditing the agency's inquiries (Flagstaff 317.10, Barstow 466.6.c, Kentucky IV.Q.2-3, Stockton III.B.1.d)."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from plateward.contracts.access import AccessRecord, Reason, access_record_id
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Missing
from plateward.policy.sampling import Window, drawn
from services.gateway.access import AccessGate
from services.gateway.audits.audit import (
    Audit,
    AuditRefused,
    Examined,
    Judgement,
    Sampled,
    Seed,
    Told,
    Verdict,
    what_a_close_lacks,
    what_a_judgement_lacks,
    what_a_review_lacks,
)
from services.gateway.audits.memorandum import Memorandum
from services.gateway.audits.schedule import Schedule, schedule
from services.gateway.people import NotAllowed, Session, require
from services.gateway.search import NoSuchRecord

AUDITING = Reason(purpose="audit", form="duty", values={"duty": "auditing the agency's inquiries"})
"""The standing reason of auditors and of those to whom they report."""


@dataclass(frozen=True, slots=True)
class LoggedRecord:
    """A record of the access log, and its number there."""

    index: int
    record: AccessRecord


class LoggedLooks(Protocol):
    """The access log, as far as the agency may see it."""

    async def seed_after(self, record_id: uuid.UUID, agency_id: str) -> tuple[str, int, bytes] | None:
        """The first checkpoint that has this record, its size and root; None while there is none."""

    async def inquiries(self, window: Window, size: int) -> Sequence[uuid.UUID]:
        """The records of the window's inquiries among the first `size` of the log."""

    async def records(self, ids: Sequence[uuid.UUID], agency_id: str) -> dict[uuid.UUID, LoggedRecord]:
        """These records, as far as they are there, by id."""


class AuditStore(Protocol):
    """Where audits are kept."""

    async def begun_at(self, agency_id: str) -> datetime | None:
        """When the agency got its first account."""

    async def open(self, audit: Audit) -> bool:
        """Keeps a new audit; False while another of the agency is open."""

    async def of_agency(self, agency_id: str) -> list[Audit]:
        """The agency's audits, newest first."""

    async def waiting(self, agencies: Sequence[str]) -> list[Audit]:
        """The audits of these agencies that have no sample yet."""

    async def last_closed_at(self, agency_id: str) -> datetime | None:
        """When the agency last closed an audit."""

    async def one(self, audit_id: uuid.UUID, agency_id: str) -> Audit | None:
        """An audit of the agency."""

    async def keep_sample(self, audit: Audit) -> None:
        """Keeps seed and sample, where none is kept yet."""

    async def judge(self, audit_id: uuid.UUID, sampled: Sampled) -> None:
        """Keeps a verdict; the one before it, if any, is kept beside it."""

    async def close(self, audit: Audit, memorandum: bytes) -> bool:
        """Keeps the close with its memorandum; False when it has been closed meanwhile."""

    async def file(self, audit: Audit, memorandum: bytes) -> bool:
        """Keeps the review with the memorandum that carries it; False when it has been reviewed meanwhile."""

    async def memorandum(self, audit_id: uuid.UUID) -> bytes | None:
        """The newest memorandum of an audit."""


Write = Callable[[Memorandum], bytes]
"""Writes a memorandum as a document."""


class Audits:
    """The audits of the person's own agency."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        log: LoggedLooks,
        store: AuditStore,
        policies: PolicyCatalogue,
        write: Write,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._log, self._store = gate, log, store
        self._policies, self._write, self._now = policies, write, now

    async def all(self, session: Session, address: str) -> tuple[Schedule, list[Audit]]:
        """How the agency stands, and its audits; raises NotAllowed, NotRecorded."""
        _require_a_part(session)
        agency_id = session.person.agency_id
        async with self._gate.look_at_own(session, "view-audit", {"audits": "all"}, AUDITING, address) as look:
            audits = await self._store.of_agency(agency_id)
            look.results = len(audits)
        return await self.standing(agency_id), audits

    async def standing(self, agency_id: str) -> Schedule:
        """How an agency stands with its audits."""
        at = self._now()
        begun_at = await self._store.begun_at(agency_id) or at
        return schedule(self._policies[agency_id], begun_at, await self._store.last_closed_at(agency_id), at)

    async def open(self, session: Session, address: str) -> Audit:
        """Opens an audit of the time up to now; raises NotAllowed, AuditRefused, NotRecorded."""
        require(session, "conduct-audits")
        rules, until = self._profile(session).audits, self._now()
        window = Window(session.person.agency_id, until - timedelta(days=rules.sample_of_days), until)
        audit_id, size = uuid.uuid4(), rules.sample_at_least
        # All that the lot needs stands in the record, so that the log alone is enough to draw it again.
        query = {
            "audit": str(audit_id),
            "since": window.since.isoformat(),
            "until": window.until.isoformat(),
            "sample": str(size),
        }
        async with self._gate.look_at_own(session, "open-audit", query, AUDITING, address) as look:
            audit = Audit(audit_id, window, size, look.access_id, session.person.actor, until)
            if not await self._store.open(audit):
                raise AuditRefused(Missing("audit", "is open already: close it before you open another"))
            look.results = 1
        return audit

    async def one(self, session: Session, audit_id: uuid.UUID, address: str) -> tuple[Audit, list[Examined]]:
        """An audit with its inquiries; draws them, if it can be done by now. Raises NoSuchRecord, NotAllowed."""
        _require_a_part(session)
        async with self._gate.look_at_own(session, "view-audit", {"audit": str(audit_id)}, AUDITING, address) as look:
            audit = await self.draw(await self._known(session, audit_id))
            examined = await self._examined(audit)
            look.results = len(examined)
        return audit, examined

    async def draw(self, audit: Audit) -> Audit:
        """The audit with its sample, once the checkpoint that draws it is there."""
        if audit.state != "waiting":
            return audit
        agency_id = audit.window.agency_id
        found = await self._log.seed_after(access_record_id(audit.access_id, "asked"), agency_id)
        if found is None:
            return audit
        checkpoint, size, root = found
        inquiries = await self._log.inquiries(audit.window, size)
        lot = drawn(root, inquiries, audit.sample_size)
        sample = tuple(Sampled(place, record_id) for place, record_id in enumerate(lot, 1))
        await self._store.keep_sample(replace(audit, seed=Seed(checkpoint, size, root, len(inquiries)), sample=sample))
        return await self._store.one(audit.id, agency_id) or audit

    async def judge(
        self,
        session: Session,
        audit_id: uuid.UUID,
        place: int,
        verdict: Verdict,
        data_errors: str,
        note: str,
        address: str,
    ) -> None:
        """Writes down what was found of an inquiry; raises NotAllowed, NoSuchRecord, AuditRefused, NotRecorded."""
        require(session, "conduct-audits")
        query = {"audit": str(audit_id), "inquiry": str(place), "verdict": verdict}
        async with self._gate.look_at_own(session, "judge-inquiry", query, AUDITING, address) as look:
            audit = await self._known(session, audit_id)
            if audit.closed is not None:
                raise AuditRefused(Missing("audit", "is closed"))
            sampled = tuple(one for one in audit.sample if one.place == place)
            inquiry = next(iter(await self._examined(replace(audit, sample=sampled))), None)
            if inquiry is None:
                raise AuditRefused(Missing("inquiry", "is not in the sample"))
            judgement = Judgement(verdict, data_errors.strip(), note.strip(), session.person.actor, self._now())
            missing = what_a_judgement_lacks(judgement, inquiry.asked)
            if missing:
                raise AuditRefused(*missing)
            await self._store.judge(audit_id, replace(inquiry.sampled, judgement=judgement))
            look.results = 1

    async def close(self, session: Session, audit_id: uuid.UUID, statement: str, address: str) -> Audit:
        """Closes an audit with the memorandum; raises NotAllowed, NoSuchRecord, AuditRefused, NotRecorded."""
        require(session, "conduct-audits")
        audit = await self._known(session, audit_id)
        if audit.closed is not None:
            raise AuditRefused(Missing("audit", "is closed already"))
        missing = what_a_close_lacks(audit, statement)
        if missing:
            raise AuditRefused(*missing)
        told = Told(session.person.actor, self._now(), statement.strip())
        audit = replace(audit, closed=told, reviewer=self._profile(session).audits.memorandum_to)
        document = await self._written(session, audit)
        # The log holds the document's hash, so that what is on file can be shown to be what was written.
        query = {"audit": str(audit_id), "memorandum_sha256": hashlib.sha256(document).hexdigest()}
        async with self._gate.look_at_own(session, "close-audit", query, AUDITING, address) as look:
            if not await self._store.close(audit, document):
                raise AuditRefused(Missing("audit", "is closed already"))
            look.results = 1
        return audit

    async def review(self, session: Session, audit_id: uuid.UUID, statement: str, address: str) -> Audit:
        """Reviews and files the memorandum; raises NotAllowed, NoSuchRecord, AuditRefused, NotRecorded."""
        require(session, "review-audits")
        audit = await self._known(session, audit_id)
        if audit.state == "filed":
            raise AuditRefused(Missing("audit", "is on file already"))
        missing = what_a_review_lacks(audit, session.person.actor, statement)
        if missing:
            raise AuditRefused(*missing)
        audit = replace(audit, reviewed=Told(session.person.actor, self._now(), statement.strip()))
        document = await self._written(session, audit)
        query = {"audit": str(audit_id), "memorandum_sha256": hashlib.sha256(document).hexdigest()}
        async with self._gate.look_at_own(session, "review-audit", query, AUDITING, address) as look:
            if not await self._store.file(audit, document):
                raise AuditRefused(Missing("audit", "is on file already"))
            look.results = 1
        return audit

    async def memorandum(self, session: Session, audit_id: uuid.UUID, address: str) -> bytes:
        """The memorandum as a document; raises NotAllowed, NoSuchRecord, NotRecorded."""
        _require_a_part(session)
        query = {"audit": str(audit_id), "document": "memorandum"}
        async with self._gate.look_at_own(session, "view-audit", query, AUDITING, address) as look:
            await self._known(session, audit_id)
            document = await self._store.memorandum(audit_id)
            if document is None:
                raise NoSuchRecord(audit_id)
            look.results = 1
        return document

    async def waiting(self) -> list[Audit]:
        """The audits of all agencies that have no sample yet."""
        return await self._store.waiting(tuple(self._policies))

    async def _written(self, session: Session, audit: Audit) -> bytes:
        return self._write(Memorandum(self._profile(session), audit, tuple(await self._examined(audit))))

    async def _examined(self, audit: Audit) -> list[Examined]:
        asked = await self._log.records([one.record_id for one in audit.sample], audit.window.agency_id)
        outcome_ids = {
            access_record_id(one.record.access_id, phase): one.record.id
            for one in asked.values()
            for phase in ("answered", "failed")
        }
        found = await self._log.records(list(outcome_ids), audit.window.agency_id)
        outcomes = {outcome_ids[outcome_id]: one.record for outcome_id, one in found.items()}
        return [
            Examined(one, logged.index, logged.record, outcomes.get(one.record_id))
            for one in audit.sample
            if (logged := asked.get(one.record_id)) is not None
        ]

    async def _known(self, session: Session, audit_id: uuid.UUID) -> Audit:
        audit = await self._store.one(audit_id, session.person.agency_id)
        if audit is None:
            raise NoSuchRecord(audit_id)
        return audit

    def _profile(self, session: Session) -> AgencyProfile:
        return self._policies[session.person.agency_id]


def _require_a_part(session: Session) -> None:
    if not {"conduct-audits", "review-audits"} & session.rights:
        raise NotAllowed("conduct-audits", session.withheld.get("conduct-audits"))

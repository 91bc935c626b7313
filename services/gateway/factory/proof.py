"""The wiring of audits and reports."""

from dataclasses import dataclass

from plateward.kernel.clock import now
from plateward.kernel.lifecycle import Loop
from services.gateway.adapters.audit_keeping import AuditKeeping
from services.gateway.adapters.logged_looks import PostgresLoggedLooks
from services.gateway.adapters.memorandum_pdf import memorandum_pdf
from services.gateway.adapters.report_files import report_pdf
from services.gateway.adapters.stores.audits import PostgresAudits
from services.gateway.adapters.stores.reports import PostgresFigures, PostgresReports
from services.gateway.audits.audits import Audits
from services.gateway.factory.parts import Parts
from services.gateway.reports.reports import Reports


@dataclass(frozen=True, slots=True)
class ProofParts:
    """What an agency shows of itself."""

    audits: Audits
    reports: Reports
    keeping: Loop


def proof_parts(parts: Parts) -> ProofParts:
    """Everything about audits and reports, wired."""
    store = PostgresAudits(parts.pool)
    audits = Audits(
        gate=parts.gate,
        log=PostgresLoggedLooks(parts.pool),
        store=store,
        policies=parts.policies,
        write=memorandum_pdf,
        now=now,
    )
    reports = Reports(
        gate=parts.gate,
        figures=PostgresFigures(parts.pool),
        store=PostgresReports(parts.pool),
        policies=parts.policies,
        write=report_pdf,
        begun_at=store.begun_at,
        now=now,
    )
    return ProofParts(audits, reports, AuditKeeping(audits, tuple(parts.policies), parts.status).run)

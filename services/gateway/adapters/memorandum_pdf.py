"""The memorandum of an audit as PDF, to be reviewed and filed."""

from services.gateway.adapters.documents import facts, gap, heading, pdf, sentence, small, table
from services.gateway.audits.audit import Told
from services.gateway.audits.memorandum import Memorandum


def memorandum_pdf(memorandum: Memorandum) -> bytes:
    """The memorandum as a file."""
    audit = memorandum.audit
    story = [facts(memorandum.head), heading("Findings")]
    story += [sentence(one) for one in memorandum.findings]
    assert audit.closed is not None
    story.append(sentence(audit.closed.statement))
    if memorandum.data_errors:
        story += [heading("Data errors to be mended"), table(("Access", "Error"), memorandum.data_errors, (2, 3))]
    story += [
        heading("Inquiries"),
        table(("Inquiry", "Purpose, reason and case", "Outcome and verdict"), memorandum.rows(), (3, 3, 3)),
    ]
    story += [heading("How they were drawn"), *(small(one) for one in memorandum.lot), gap()]
    if audit.reviewer is not None:
        story += [heading(f"Review by the {audit.reviewer}"), sentence(_review(memorandum, audit.reviewed))]
    return pdf(f"Memorandum: audit of inquiries, {memorandum.profile.name}", story)


def _review(memorandum: Memorandum, reviewed: Told | None) -> str:
    if reviewed is None:
        return "Not reviewed yet."
    return f"{reviewed.by.name}, {reviewed.by.title}, {memorandum.day(reviewed)}: {reviewed.statement}"

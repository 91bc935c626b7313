"""The summary of an evidence package as a PDF, with its pictures."""

import io
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Image, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

FACTS = (
    ("plate", "Plate as read"),
    ("confidence", "Confidence"),
    ("captured_at", "Captured at (UTC)"),
    ("camera_name", "Camera"),
    ("latitude", "Latitude"),
    ("longitude", "Longitude"),
    ("id", "Read"),
    ("expires_on", "Would have been deleted on"),
)
WIDTH, HEIGHT = 170 * mm, 95 * mm


def summary(head: Sequence[tuple[str, str]], reads: Sequence[tuple[Mapping[str, Any], Mapping[str, bytes]]]) -> bytes:
    """A page about the case, and one for each read with its pictures."""
    styles, written = getSampleStyleSheet(), io.BytesIO()
    story: list[Flowable] = [Paragraph("Evidence of licence-plate reads", styles["Title"]), _table(head)]
    warning = "A read is what a machine took a plate to be. Compare each with its picture before you rely on it."
    story += [Spacer(0, 6 * mm), Paragraph(warning, styles["Normal"])]
    for read, pictures in reads:
        story += [PageBreak(), Paragraph(escape(str(read["plate"])), styles["Heading1"])]
        story.append(_table([(label, str(read.get(name, ""))) for name, label in FACTS]))
        for picture in pictures.values():
            story += [Spacer(0, 5 * mm), _fitting(picture)]
    SimpleDocTemplate(written, pagesize=LETTER, title="Evidence of licence-plate reads", author="Plateward").build(
        story
    )
    return written.getvalue()


def _table(rows: Sequence[tuple[str, str]]) -> Flowable:
    styles = getSampleStyleSheet()
    cells = [[Paragraph(f"<b>{escape(name)}</b>", styles["Normal"]), Paragraph(escape(text), styles["Normal"])]
             for name, text in rows]  # fmt: skip
    return Table(cells, colWidths=[50 * mm, 120 * mm])


def _fitting(picture: bytes) -> Flowable:
    """The picture as large as fits the page; a picture that cannot be shown is said to lie in the package."""
    try:
        width, height = ImageReader(io.BytesIO(picture)).getSize()
    except (OSError, ValueError):
        return Paragraph("This picture cannot be shown here; it lies in the package.", getSampleStyleSheet()["Normal"])
    scale = min(WIDTH / width, HEIGHT / height)
    return Image(io.BytesIO(picture), width * scale, height * scale)

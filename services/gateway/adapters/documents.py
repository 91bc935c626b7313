"""Documents for the file, as PDF: letters, tables, bars."""

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

WIDTH = 175 * mm
BARS_AT_MOST = 15

_STYLES = getSampleStyleSheet()
_BODY = ParagraphStyle("body", parent=_STYLES["Normal"], leading=13, spaceAfter=2 * mm)
_SMALL = ParagraphStyle("small", parent=_STYLES["Normal"], fontSize=8, leading=10)
_CODE = ParagraphStyle("code", parent=_STYLES["Code"], fontSize=6.5, leading=8, leftIndent=0)
_RULED = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ]
)


def pdf(title: str, story: Sequence[Flowable]) -> bytes:
    """The document as a file; the same story is the same bytes, so that its hash says whether it was changed."""
    written = io.BytesIO()
    document = SimpleDocTemplate(
        written, pagesize=LETTER, title=title, author="Plateward", invariant=1, leftMargin=20 * mm, rightMargin=20 * mm
    )
    document.build([Paragraph(escape(title), _STYLES["Title"]), *story])
    return written.getvalue()


def heading(text: str) -> Flowable:
    """The heading of a part."""
    return Paragraph(escape(text), _STYLES["Heading2"])


def sentence(text: str) -> Flowable:
    """A sentence, or several."""
    return Paragraph(_lines(text), _BODY)


def small(text: str) -> Flowable:
    """What is said besides."""
    return Paragraph(_lines(text), _SMALL)


def code(text: str) -> Flowable:
    """A query, as it was asked."""
    return Paragraph(_lines(text).replace("  ", "&nbsp;&nbsp;"), _CODE)


def gap() -> Flowable:
    """Some space."""
    return Spacer(0, 4 * mm)


def facts(rows: Sequence[tuple[str, str]]) -> Flowable:
    """What the document is about, a line each."""
    cells = [[Paragraph(f"<b>{escape(name)}</b>", _BODY), Paragraph(_lines(text), _BODY)] for name, text in rows]
    return Table(cells, colWidths=[32 * mm, WIDTH - 32 * mm])


def table(head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Flowable:
    """A ruled table whose columns have these shares of the width; its head is on each page."""
    cells = [[Paragraph(f"<b>{escape(one)}</b>", _SMALL) for one in head]]
    cells += [[Paragraph(_lines(one), _SMALL) for one in row] for row in rows]
    return Table(cells, colWidths=[WIDTH * share / sum(shares) for share in shares], repeatRows=1, style=_RULED)


def bars(rows: Sequence[tuple[str, float]]) -> Flowable:
    """A bar for each row, the first on top; the longest tables show their first rows only."""
    shown = list(reversed(rows[:BARS_AT_MOST]))
    height = 6 * mm * len(shown) + 8 * mm
    drawing, chart = Drawing(WIDTH, height), HorizontalBarChart()
    chart.x, chart.y, chart.width, chart.height = 60 * mm, 6 * mm, WIDTH - 75 * mm, height - 8 * mm
    chart.data = [[value for _, value in shown]]
    chart.categoryAxis.categoryNames = [name[:34] for name, _ in shown]
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 7
    chart.valueAxis.valueMin, chart.valueAxis.forceZero = 0, 1
    chart.bars[0].fillColor = colors.HexColor("#2a5d8a")
    chart.barLabelFormat, chart.barLabels.fontSize, chart.barLabels.nudge = "%g", 7, 8
    drawing.add(chart)
    return drawing


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br/>")

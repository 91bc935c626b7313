"""A report as a file: lines for a spreadsheet, and a document with charts; each figure with the query that gives it."""

import csv
import io
from zoneinfo import ZoneInfo

from services.gateway.adapters.documents import bars, code, facts, gap, heading, pdf, sentence, small, table
from services.gateway.reports.queries import NOT_KEPT
from services.gateway.reports.reports import Cell, Figure, WrittenReport
from services.gateway.searching.export_files import FORMULA_STARTS


def report_csv(written: WrittenReport) -> bytes:
    """The figures one after the other, each under its title and its query."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([(name, _safe(value)) for name, value in _head(written)])
    for figure in written.figures:
        writer.writerows([(), (figure.query.title,), (figure.query.says,), (asked(figure),), figure.query.columns])
        writer.writerows(tuple(map(_safe, row)) for row in figure.rows)
    writer.writerows([(), (NOT_KEPT,)])
    return text.getvalue().encode("utf-8-sig")


def report_pdf(written: WrittenReport) -> bytes:
    """The figures with their charts, and at the end the queries."""
    story = [facts(_head(written))]
    if written.report.contents:
        story.append(sentence("The policy asks for: " + "; ".join(written.report.contents) + "."))
    if written.statement:
        story += [heading("In words"), sentence(written.statement)]
    for figure in written.figures:
        story += [heading(figure.query.title), small(figure.query.says), gap()]
        if not figure.rows:
            story.append(sentence("None."))
            continue
        if figure.query.bars is not None:
            names, amounts = figure.query.bars
            story.append(bars([(str(row[names]), float(row[amounts])) for row in figure.rows]))
        widths = [2.0 if index == 0 else 1.0 for index in range(len(figure.query.columns))]
        story.append(table(figure.query.columns, [[shown(cell) for cell in row] for row in figure.rows], widths))
    story += [heading("What is not in this report"), sentence(NOT_KEPT), heading("The queries")]
    for figure in written.figures:
        story += [small(f"{figure.query.title} ({figure.query.id})"), code(asked(figure)), gap()]
    return pdf(f"{written.report.label}: {written.period.label}", story)


def asked(figure: Figure) -> str:
    """The query as it can be asked again: its scope, its arguments, its text."""
    arguments = "\n".join(f"-- ${number} = {one}" for number, one in enumerate(figure.arguments, 1))
    return f"SELECT set_config('plateward.owners', '{figure.arguments[0]}', true);\n{arguments}\n{figure.query.sql};"


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    return f"{cell:,}" if isinstance(cell, int | float) else cell


def _head(written: WrittenReport) -> list[tuple[str, str]]:
    profile, zone = written.profile, ZoneInfo(written.profile.timezone)
    head = [
        ("Agency", profile.name),
        ("Report", written.report.label),
        ("Period", written.period.label),
        ("Policy", f"{profile.policy}, {profile.reports.section}"),
        ("As of", f"{written.at.astimezone(zone):%Y-%m-%d %H:%M %Z}"),
    ]
    if written.report.to:
        head.append(("To", written.report.to))
    if written.by is not None:
        head.append(("From", f"{written.by.name}, {written.by.title}"))
    return head


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell

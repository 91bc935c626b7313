"""What leaves the platform as a file: every line and every picture says who took it, when, and under which access."""

import csv
import io
import struct
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from plateward.contracts.access import Reason
from services.gateway.searching.found import FoundRead

ExportFormat = Literal["csv", "json", "zip"]

MEDIA_TYPES: dict[ExportFormat, str] = {"csv": "text/csv", "json": "application/json", "zip": "application/zip"}

READ_FIELDS = (
    "id", "agency_id", "camera_id", "camera_name", "latitude", "longitude", "bearing_deg", "captured_at", "plate",
    "state", "confidence", "grade", "make", "model", "colour", "kind",
)  # fmt: skip

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet would begin to calculate."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """What every line of an export carries."""

    access: str
    exported_by: str
    agency: str
    exported_at: datetime
    delete_by: datetime

    @property
    def fields(self) -> dict[str, str]:
        """The watermark by column."""
        return {
            "access": self.access,
            "exported_by": self.exported_by,
            "agency": self.agency,
            "exported_at": self.exported_at.isoformat(),
            "delete_by": self.delete_by.isoformat(),
        }

    @property
    def sentence(self) -> str:
        """The watermark in words."""
        return (
            f"Plateward access {self.access}, exported by {self.exported_by} of {self.agency}"
            f" at {self.exported_at.isoformat()}, to be deleted by {self.delete_by.isoformat()}"
        )


Cell = str | float | None

Picture = tuple[str, bytes]
"""A name and a JPEG."""


def as_csv(reads: tuple[FoundRead, ...], watermark: Watermark) -> bytes:
    """A line for each read, with the watermark in columns of its own: a line that is cut out still has it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*READ_FIELDS, *watermark.fields])
    for read in reads:
        writer.writerow([_cell(value) for value in (*_values(read).values(), *watermark.fields.values())])
    return text.getvalue().encode("utf-8-sig")


def as_json(reads: tuple[FoundRead, ...], watermark: Watermark, query: dict[str, str], reason: Reason) -> bytes:
    """The question, its reason, and the reads, each with the watermark."""
    document = {
        "watermark": watermark.sentence,
        "question": query,
        "reason": msgspec.to_builtins(reason),
        "reads": [{**_values(read), **watermark.fields} for read in reads],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def as_zip(reads: tuple[FoundRead, ...], pictures: list[Picture], watermark: Watermark) -> bytes:
    """The lines and the pictures, each of which carries the watermark in itself."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = watermark.sentence.encode()[:65_000]
        archive.writestr("reads.csv", as_csv(reads, watermark))
        for name, jpeg in pictures:
            archive.writestr(f"pictures/{name}", marked(jpeg, watermark))
    return content.getvalue()


def marked(jpeg: bytes, watermark: Watermark) -> bytes:
    """The picture with the watermark as its first comment (JPEG, ITU-T T.81, B.2.4.5); its pixels are as they were."""
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    comment = watermark.sentence.encode()[:65_000]
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:]


def _values(read: FoundRead) -> dict[str, Cell]:
    values: dict[str, Cell] = {name: getattr(read, name) for name in READ_FIELDS}
    return values | {"id": str(read.id), "captured_at": read.captured_at.isoformat()}


def _cell(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value

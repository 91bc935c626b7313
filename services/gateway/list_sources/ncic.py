"""An extract with NCIC's field codes: a record a line, `MKE/STOLEN VEHICLE.LIC/7KXR214.LIS/CA.LIY/2027 …`.

A field begins with its three letters and a slash, at the beginning of the line or after a full stop or a space, as in
NCIC's own answers. A field that is not named here is passed over and never kept: names of persons, dates of birth.
"""

import re
from collections.abc import Iterable

from services.gateway.list_sources.faults import Faulty
from services.gateway.list_sources.ncic_words import CATEGORIES, COLOURS, MAKES
from services.gateway.list_sources.record import NumberedText, SourceFile, SourceRecord

NO_PLATES = frozenset({"UNK", "UNKNOWN", "NONE", "NA"})

_CODE = re.compile(r"(?:^|[.\s])([A-Z]{3})/")

KEPT = ("LIC", "LIS", "LIY", "LIT", "MIS", "MKE", "NIC", "OCA", "ORI", "DOT", "VCO", "VIN", "VMA", "VMO", "VST", "VYR")


def ncic_file(lines: Iterable[NumberedText]) -> SourceFile:
    """The records of an extract."""
    return SourceFile(lines, _record)


def _record(line: str) -> SourceRecord:
    fields = _fields(line)
    return SourceRecord(
        plate=_plate(fields),
        key=fields.get("NIC"),
        state=fields.get("LIS"),
        category=_category(fields.get("MKE", "")),
        reason=_reason(fields),
        case_number=fields.get("OCA"),
        entered_by=fields.get("ORI"),
        instructions=_caution(fields.get("MKE", "")),
        make=_word(fields, "VMA", MAKES),
        model=fields.get("VMO"),
        colour=_word(fields, "VCO", COLOURS),
        kind=fields.get("VST"),
        year=fields.get("VYR"),
    )


def _fields(line: str) -> dict[str, str]:
    """The fields that are kept, by code; raises Faulty."""
    parts = _CODE.split(line)
    if parts[0].strip(". "):
        raise Faulty("line", "must begin with a field, three letters and a slash")
    codes = parts[1::2]
    fields = dict(zip(codes, parts[2::2], strict=True))
    if len(fields) < len(codes):
        raise Faulty(next(code for code in codes if codes.count(code) > 1), "stands in the line twice")
    return {code: text for code in KEPT if code in fields and (text := fields[code].strip(". \t"))}


def _plate(fields: dict[str, str]) -> str:
    plate = fields.get("LIC")
    if plate is None:
        raise Faulty("LIC", "is missing")
    if plate.upper() in NO_PLATES:
        raise Faulty("LIC", "names no plate")
    return plate


def _category(message_key: str) -> str:
    """The category of a message key, without what follows a hyphen: `STOLEN VEHICLE - ARMED` is a stolen vehicle."""
    if not message_key:
        raise Faulty("MKE", "is missing")
    words = message_key.split(" - ")[0].strip().upper()
    category = CATEGORIES.get(words)
    if category is None:
        raise Faulty("MKE", f"must be one of: {', '.join(CATEGORIES)}")
    return category


def _caution(message_key: str) -> str | None:
    """What a message key warns of: it is what officers must know first."""
    _, hyphen, caution = message_key.partition(" - ")
    return f"NCIC: {caution.strip().lower()}" if hyphen and caution.strip() else None


def _reason(fields: dict[str, str]) -> str:
    said = [fields["MKE"].split(" - ")[0].strip().capitalize()]
    said += [f"{word} {fields[code]}" for code, word in (("DOT", "since"), ("VIN", "VIN")) if code in fields]
    if "LIY" in fields or "LIT" in fields:
        said.append(" ".join(("plate", *(fields[code] for code in ("LIT", "LIY") if code in fields))))
    return "; ".join(said + ([fields["MIS"]] if "MIS" in fields else []))


def _word(fields: dict[str, str], code: str, words: dict[str, str]) -> str | None:
    """Our word for a code of NCIC's; a code that is not known stays as it is. Of two colours the first is the upper."""
    value = fields.get(code)
    return None if value is None else words.get(value.split("/")[0].upper(), value)

"""Other devices, by a mapping file."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from plateward.contracts.reads import VehicleDescription
from services.ingest.edge.mapped import edge_reads
from services.ingest.edge.mapping import EdgeMapping, read_mappings
from services.ingest.refusals import Refused
from tests.support.edge import AT, MAPPINGS, document, sample

OF = read_mappings(MAPPINGS)
CSV, JSON = OF["export-csv"], OF["export-json"]


def test_rows_of_a_table() -> None:
    first, second = edge_reads(CSV, sample("export.csv"))
    assert (first.plate, first.confidence, first.region, first.direction) == ("LMN 8806", 0.97, "us-AZ", "Northbound")
    assert first.captured_at == AT - timedelta(milliseconds=250)
    assert first.vehicle == VehicleDescription(make="Subaru", model="Outback", colour="green")
    assert (first.names, first.joins_near) == (("E-90211",), False)
    assert first.plate_picture is not None
    assert (second.plate, second.plate_picture) == ("P44 RTS", None)


def test_a_document_whose_picture_is_an_address() -> None:
    (read,) = edge_reads(JSON, sample("export.json"))
    assert (read.plate, read.confidence, read.captured_at, read.region) == ("TRV-5093", 0.884, AT, "us-ut")
    assert read.vehicle == VehicleDescription(make="Mazda", model="CX-5", colour="grey")
    assert (read.scene_picture, read.names, read.joins_near) == (None, (), True)


def test_a_path_goes_through_lists_by_number() -> None:
    mapping = msgspec.structs.replace(JSON, plate="reading.texts.1")
    report = document("export.json")
    report["items"][0]["reading"]["texts"] = ["?", "TRV 5093"]
    assert edge_reads(mapping, json.dumps(report).encode())[0].plate == "TRV 5093"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("LMN 8806", "", "row 2.Plate"),
        (";97;", ";101;", "row 2.Score"),
        (";97;", ";nan;", "row 2.Score"),
        (";97;", ";high;", "row 2.Score"),
        ("02:12:07", "25:12:07", "row 2.Local time"),
        ("LMN 8806", "L" * 201, "row 2.Plate"),
    ],
)
def test_what_does_not_fit_in_a_table_is_named(old: str, new: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        edge_reads(CSV, sample("export.csv").replace(old.encode(), new.encode()))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reading": {"text": ["T"], "sure": 1}}, "items[0].reading.text"),
        ({"reading": {"text": "T", "sure": True}}, "items[0].reading.sure"),
        ({"reading": None}, "items[0].reading.text"),
        ({"at": 1e30}, "items[0].at"),
        ({"photo": "???"}, "items[0].photo"),
    ],
)
def test_what_does_not_fit_in_a_document_is_named(change: dict[str, Any], field: str) -> None:
    report = document("export.json")
    report["items"][0] |= change
    with pytest.raises(Refused) as refused:
        edge_reads(JSON, json.dumps(report).encode())
    assert refused.value.field == field


def test_a_time_must_say_its_zone_where_the_mapping_does_not() -> None:
    mapping = msgspec.convert({"at": "Local time", "format": "%m/%d/%Y %H:%M:%S"}, type(CSV.captured_at))
    with pytest.raises(Refused, match="must say its offset"):
        edge_reads(msgspec.structs.replace(CSV, captured_at=mapping), sample("export.csv"))


GOOD: dict[str, Any] = {"format": "json", "plate": "p", "confidence": {"at": "c"}, "captured_at": {"at": "t"}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "xml"}, "format"),
        ({"plat": "p"}, "plat"),
        ({"confidence": {}}, "exactly one of at and always"),
        ({"confidence": {"always": 2}}, "from 0 to 1"),
        ({"confidence": {"at": "c", "of": 0}}, "more than 0"),
        ({"captured_at": {"at": "t", "zone": "Mars/Olympus"}}, "IANA"),
        ({"captured_at": {"at": "t", "format": "rfc"}}, "format must be"),
        ({"format": "csv", "reads": "items"}, "reads is for json"),
        ({"delimiter": "ab"}, "one character"),
    ],
)
def test_a_mapping_that_can_not_be_used_says_why(change: dict[str, Any], says: str, tmp_path: Path) -> None:
    (tmp_path / "device.yaml").write_bytes(msgspec.yaml.encode(GOOD | change))
    with pytest.raises(ValueError, match=says):
        read_mappings(tmp_path)


def test_a_device_that_gives_no_confidence_gets_what_the_mapping_says() -> None:
    mapping = msgspec.convert(GOOD | {"confidence": {"always": 0.8}}, EdgeMapping)
    (read,) = edge_reads(mapping, b'{"p": "ABC123", "t": "2026-03-01T09:12:07.250Z"}')
    assert (read.confidence, read.captured_at) == (0.8, AT)

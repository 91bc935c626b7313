"""Reports of the OpenALPR agent."""

from datetime import timedelta
from typing import Any

import pytest

from plateward.contracts.reads import VehicleDescription
from services.ingest.edge.openalpr import edge_reads
from services.ingest.refusals import Refused
from tests.support.edge import AT, document

AGENT = "K7QTESTAGENTPLATEWARD0000000000000000000"


def test_a_frames_plates() -> None:
    (read,) = edge_reads(document("openalpr-results.json"))
    assert (read.plate, read.confidence, read.captured_at, read.region) == ("7KXR214", 0.9325, AT, "us-ca")
    assert read.candidates == (("7KXR214", 0.9325), ("7KXR2I4", 0.815))
    assert read.names == (f"{AGENT}-771-1772356327250/0",)
    assert read.joins_near
    assert read.plate_picture is not None
    assert read.plate_picture.data.startswith(b"\xff\xd8\xff")
    assert (read.vehicle, read.scene_picture, read.direction) == (None, None, None)


def test_a_group_is_one_read_with_its_vehicle() -> None:
    (read,) = edge_reads(document("openalpr-group.json"))
    assert (read.plate, read.confidence) == ("7KXR214", 0.955)
    assert read.captured_at == AT + timedelta(milliseconds=700)
    assert read.until == AT + timedelta(milliseconds=1400)
    assert read.vehicle == VehicleDescription(make="honda", model="accord", colour="silver-gray", kind="sedan-standard")
    assert read.direction == "182° in the picture"
    assert read.scene_picture is not None
    assert read.plate_picture is not None


def test_a_group_is_named_by_its_frames_the_earliest_first() -> None:
    (frame,), (group,) = edge_reads(document("openalpr-results.json")), edge_reads(document("openalpr-group.json"))
    assert group.names[0] == frame.names[0]
    assert len(group.names) == 3


@pytest.mark.parametrize("kind", ["heartbeat", "vehicle", "alpr_alert"])
def test_what_is_no_read_is_left_alone(kind: str) -> None:
    assert edge_reads(document("openalpr-heartbeat.json") | {"data_type": kind}) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"data_type": "alpr_gruop"}, "data_type"),
        ({"data_type": None}, "data_type"),
        ({"best_confidence": 100.5}, "best_confidence"),
        ({"best_confidence": -1}, "best_confidence"),
        ({"best_confidence": "95"}, "best_confidence"),
        ({"best_plate_number": 7}, "best_plate_number"),
        ({"best_plate_number": "7" * 201}, "best_plate_number"),
        ({"uuids": "abc"}, "uuids"),
        ({"plate_indexes": [0]}, "plate_indexes"),
        ({"epoch_start": 1e30}, "epoch_start"),
        ({"epoch_end": 1}, "epoch_end"),
        ({"vehicle_crop_jpeg": "not Base64!"}, "vehicle_crop_jpeg"),
        ({"candidates": [{"plate": "A", "confidence": 400}]}, "candidates[0].confidence"),
        ({"vehicle": {"make": [{"name": 4}]}}, "vehicle.make[0].name"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        edge_reads(document("openalpr-group.json") | change)
    assert refused.value.field == field
    assert "7KXR" not in refused.value.rule

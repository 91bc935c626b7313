"""Webhooks of Plate Recognizer Stream."""

from typing import Any

import pytest

from plateward.contracts.reads import VehicleDescription
from services.ingest.edge.edge_read import Picture
from services.ingest.edge.plate_recognizer import edge_reads
from services.ingest.refusals import Refused
from tests.support.edge import AT, document

PICTURE = Picture("upload", b"picture")


def test_a_vehicle_with_its_picture() -> None:
    (read,) = edge_reads(document("plate-recognizer.json"), PICTURE)
    assert (read.plate, read.confidence, read.captured_at, read.region) == ("bxk7204", 0.914, AT, "us-az")
    assert read.candidates == (("bxk7204", 0.914), ("8xk7204", 0.522))
    assert read.vehicle == VehicleDescription(make="Ford", model="F150", colour="blue", kind="Pickup Truck")
    assert (read.direction, read.scene_picture, read.plate_picture) == ("92° in the picture", PICTURE, None)
    assert not read.joins_near


def test_the_newer_shape_and_a_vehicle_without_a_plate() -> None:
    (read,) = edge_reads(document("plate-recognizer-vehicles.json"))
    assert (read.plate, read.confidence, read.region) == ("cfz1188", 0.897, "us-nm")
    assert read.vehicle == VehicleDescription(make="Toyota", model="RAV4", colour="red", kind="SUV")


def test_candidates_without_scores_are_left_out() -> None:
    report = document("plate-recognizer.json")
    report["data"]["results"][0]["candidates"] = [{"plate": "bxk7204"}, {"plate": "8xk7204"}]
    (read,) = edge_reads(report)
    assert read.candidates == (("bxk7204", 0.914),)


@pytest.mark.parametrize("text", ["2026-03-01 09:12:07.250000", "2026-03-01 02:12:07.250-07:00"])
def test_a_time_without_a_zone_is_utc(text: str) -> None:
    report = document("plate-recognizer.json")
    report["data"]["timestamp"] = text
    assert edge_reads(report)[0].captured_at == AT


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"score": 1.5}, "data.results[0].score"),
        ({"score": None}, "data.results[0].score"),
        ({"plate": 7}, "data.results[0].plate"),
        ({"plate": {"props": {"plate": [{"value": "A1", "score": 2}]}}}, "data.results[0].plate.props.plate[0].score"),
        ({"candidates": [{"plate": "A", "score": -1}]}, "data.results[0].candidates[0].score"),
        ({"color": "blue"}, "data.results[0].color"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], field: str) -> None:
    report = document("plate-recognizer.json")
    report["data"]["results"][0] |= change
    with pytest.raises(Refused) as refused:
        edge_reads(report)
    assert refused.value.field == field


def test_a_time_that_is_none_is_named() -> None:
    report = document("plate-recognizer.json")
    report["data"]["timestamp"] = "yesterday"
    with pytest.raises(Refused) as refused:
        edge_reads(report)
    assert (refused.value.reason, refused.value.field) == ("captured-at", "data.timestamp")

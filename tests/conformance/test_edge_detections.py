"""What a detection holds when it comes from an edge reader, and that it stays one detection however often it comes."""

import json
from datetime import timedelta

import msgspec
import pytest

from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead
from services.ingest.adapters.images import decoding_threads
from services.retention.admission import why_read_refused
from tests.support.edge import AT, document, sample
from tests.unit.ingest.doors import CAMERA, PLACE
from tests.unit.ingest.edge.doors import CATALOGUE, EdgeIngest
from tests.unit.ingest.edge.test_webhooks import multipart
from tests.unit.ingest.pictures import jpeg, soft
from tests.unit.matcher.events import a_join
from tests.unit.retention.events import a_hit

SCENE = jpeg(soft(64, 48))


async def taken(*reports: tuple[str, bytes, str]) -> EdgeIngest:
    """The doors after these reports, each to its door."""
    async with decoding_threads(1) as images:
        edge = EdgeIngest(images)
        for door, body, content_type in reports:
            answer = await edge.post(door, body, Content_Type=content_type)
            assert answer.status_code == 200, answer.text
    return edge


async def one_read(door: str, name: str) -> PlateRead:
    return (await taken((door, sample(name), "application/json"))).reads.published[0]


@pytest.mark.clause("F4")
@pytest.mark.parametrize(
    ("door", "name", "make", "model", "colour"),
    [
        ("openalpr", "openalpr-group.json", "honda", "accord", "silver-gray"),
        ("plate-recognizer", "plate-recognizer.json", "Ford", "F150", "blue"),
        ("plate-recognizer", "plate-recognizer-vehicles.json", "Toyota", "RAV4", "red"),
        ("mapped/export-csv", "export.csv", "Subaru", "Outback", "green"),
        ("mapped/export-json", "export.json", "Mazda", "CX-5", "grey"),
    ],
)
async def test_make_model_and_colour_are_captured(door: str, name: str, make: str, model: str, colour: str) -> None:
    vehicle = (await one_read(door, name)).vehicle
    assert vehicle is not None
    assert (vehicle.make, vehicle.model, vehicle.colour) == (make, model, colour)


@pytest.mark.clause("F4")
async def test_what_a_reader_did_not_see_is_absent_and_not_made_up() -> None:
    report = document("openalpr-group.json") | {"vehicle": {"color": [{"name": "white", "confidence": 70}]}}
    edge = await taken(("openalpr", json.dumps(report).encode(), "application/json"))
    vehicle = edge.reads.published[0].vehicle
    assert vehicle is not None
    assert (vehicle.make, vehicle.model, vehicle.colour) == (None, None, "white")


@pytest.mark.clause("F3")
async def test_a_detection_holds_plate_pictures_vehicle_and_place() -> None:
    edge = await taken(("openalpr", sample("openalpr-group.json"), "application/json"))
    (read,) = edge.reads.published
    assert (read.plate, read.place, read.camera_id) == ("7KXR214", PLACE, CAMERA.id)
    assert read.vehicle is not None
    assert read.captured_at == AT + timedelta(milliseconds=700)
    assert {read.images.plate, read.images.scene} == set(edge.pictures.kept)


@pytest.mark.clause("F3")
async def test_a_picture_that_came_along_is_kept_as_it_was() -> None:
    body, content_type = multipart(json=sample("plate-recognizer.json"), upload=SCENE)
    edge = await taken(("plate-recognizer", body, content_type))
    assert edge.pictures.kept == {edge.reads.published[0].images.scene: SCENE}


@pytest.mark.clause("F15")
@pytest.mark.parametrize("name", ["openalpr-results.json", "openalpr-group.json"])
async def test_an_edge_readers_read_is_kept_no_longer_than_any_other(name: str) -> None:
    read = await one_read("openalpr", name)
    assert read.expires_on == (read.captured_at + timedelta(days=30)).date()
    assert why_read_refused(read, CATALOGUE, AT + timedelta(minutes=1)) is None
    assert all(key.startswith(f"{read.expires_on}/") for key in (read.images.plate, read.images.scene) if key)


@pytest.mark.clause("F3")
async def test_a_passing_that_is_reported_again_raises_no_second_hit() -> None:
    names = ("openalpr-results.json", "openalpr-group.json", "openalpr-group.json")
    edge = await taken(*(("openalpr", sample(name), "application/json") for name in names))
    join = a_join(stolen("7KXR2I4", edge.reads.published[0]))
    hits = [hit.id for read in edge.reads.published for hit in join.hits_of(read, AT)]
    assert (len(edge.reads.published), len(hits)) == (3, 1)


def stolen(plate: str, read: PlateRead) -> HotListEntry:
    changes = {"agency_id": read.agency_id, "plate": plate, "starts_at": AT, "expires_at": AT + timedelta(days=1)}
    return msgspec.structs.replace(a_hit(read).entry, **changes)

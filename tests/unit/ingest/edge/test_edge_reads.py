"""From an edge reader's words to the read that goes on."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from plateward.contracts.reads import Candidate
from services.ingest.edge.edge_read import EdgeRead, Picture, described
from services.ingest.edge.states import state_of_issue
from services.ingest.edge_reads import day_of, images_of, plate_of, plate_read
from services.ingest.passing import Passing
from services.ingest.refusals import Refused
from tests.support.edge import AT
from tests.unit.ingest.doors import CAMERA
from tests.unit.ingest.edge.doors import CATALOGUE

PASSING = Passing(UUID(int=7), AT)
READ = EdgeRead(
    field="plate",
    plate="7-kxr 214",
    confidence=0.9,
    captured_at=AT,
    candidates=(("7KXR2I4", 0.5), ("7KXR 214", 0.9), ("", 0.4), ("8KXR214", 0.6)),
    region="us-ca",
    scene_picture=Picture("scene", b""),
)


def test_a_read_keeps_to_its_owners_policy() -> None:
    day = day_of(CAMERA, "edge:openalpr", PASSING, CATALOGUE)
    assert day == date(2026, 3, 31)
    images = images_of(CAMERA, PASSING, day, READ)
    assert (images.plate, images.scene) == (None, f"2026-03-31/flagstaff/{UUID(int=7)}/scene.jpg")
    read = plate_read(
        *(CAMERA, "edge:openalpr", READ),
        plate=plate_of(READ),
        passing=PASSING,
        day=day,
        images=images,
        least=0.95,
    )
    assert read.below_threshold, "0.9 is less sure than this agency asks for"
    assert (read.plate, read.confidence, read.state, read.source) == ("7KXR214", 0.9, "CA", "edge:openalpr")
    assert read.candidates == (
        Candidate(plate="7KXR214", confidence=0.9),
        Candidate(plate="8KXR214", confidence=0.6),
        Candidate(plate="7KXR2I4", confidence=0.5),
    )
    assert (read.character_confidences, read.place, read.camera_id) == ((), CAMERA.place, CAMERA.id)


@pytest.mark.parametrize("plate", ["", "---", "  ", "Щ12", "1234567890123", "京A12345"])
def test_what_is_no_plate_is_refused_and_not_repeated(plate: str) -> None:
    with pytest.raises(Refused) as refused:
        plate_of(replace(READ, plate=plate))
    assert (refused.value.reason, refused.value.field) == ("not-a-plate", "plate")


def test_an_agency_without_a_policy_keeps_nothing() -> None:
    with pytest.raises(Refused, match="profile"):
        day_of(replace(CAMERA, agency_id="nobody"), "edge:openalpr", PASSING, CATALOGUE)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("us-ca", "CA"),
        ("US_AZ", "AZ"),
        ("ca-on", "ON"),
        ("us-zz", None),
        ("de", None),
        ("mx-nle", None),
        ("us", None),
        ("", None),
        (None, None),
    ],
)
def test_the_state_of_issue_is_known_or_unknown_but_never_a_guess(code: str | None, state: str | None) -> None:
    assert state_of_issue(code) == state


def test_a_vehicle_of_which_nothing_is_said_is_not_described() -> None:
    assert described(make="unknown", model=" ", colour=None, kind="N/A") is None
    assert (vehicle := described(make=" Ford\x00\n")) is not None
    assert vehicle.make == "Ford"

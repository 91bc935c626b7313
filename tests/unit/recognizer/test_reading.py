"""From what the engine found to the read that goes on."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from plateward.contracts.event import decode, encode
from plateward.contracts.examples import EXAMPLES
from plateward.contracts.frames import Frame
from plateward.contracts.reads import PlateRead, VehicleDescription, read_id
from plateward.policy.catalogue import UnknownAgency, load_catalogue
from services.recognizer.engine import Candidate, PlateFound, VehicleColour
from services.recognizer.passes import Pass, Shot
from services.recognizer.reading import read_of
from services.recognizer.tracks import Sighting

POLICIES = load_catalogue()
FRAME = next(example for example in EXAMPLES if isinstance(example, Frame))
MODELS = {"lines": "a" * 64, "text": "b" * 64}
FOUND = PlateFound(
    text="7KXR2I4",
    confidence=0.93456789,
    character_confidences=(0.99, 0.98, 0.99, 0.99, 0.97, 0.61, 0.99),
    candidates=(Candidate("7KXR2I4", 0.93456789), Candidate("7KXR214", 0.06)),
    box=(10, 20, 120, 40),
    score=0.8,
)


def a_pass(frame: Frame, found: PlateFound = FOUND, index: int = 0) -> Pass:
    return Pass.begun(Shot(frame, b"jpeg", 0), index, Sighting(frame.captured_at, found))


def of(frame: Frame, found: PlateFound = FOUND, index: int = 0) -> PlateRead:
    return read_of(a_pass(frame, found, index), POLICIES, MODELS)


def seen(seconds: float, text: str, confidence: float, box: tuple[int, int, int, int] = FOUND.box) -> Sighting:
    found = PlateFound(text, confidence, (confidence,) * len(text), (Candidate(text, confidence),), box, 1.8)
    return Sighting(FRAME.captured_at + timedelta(seconds=seconds), found)


def test_a_read_says_whose_it_is_where_and_when_it_was_taken() -> None:
    read = of(FRAME)
    assert (read.frame_id, read.camera_id, read.agency_id) == (FRAME.id, FRAME.camera_id, FRAME.agency_id)
    assert (read.place, read.captured_at) == (FRAME.place, FRAME.captured_at)


def test_a_read_says_what_was_seen_and_by_which_models() -> None:
    read = of(FRAME)
    assert read.plate == "7KXR2I4"
    assert read.confidence == 0.9346
    assert [(one.plate, one.confidence) for one in read.candidates] == [("7KXR2I4", 0.9346), ("7KXR214", 0.06)]
    assert read.character_confidences == FOUND.character_confidences
    assert read.models == {"lines": "a" * 16, "text": "b" * 16}
    assert read.source == "recognizer"
    assert read.state is None, "what the plate does not say nobody guesses"


def test_a_read_says_the_state_that_the_plate_says() -> None:
    assert of(FRAME, replace(FOUND, state="OR")).state == "OR"


def test_recognising_a_frame_again_makes_the_same_read_again() -> None:
    assert of(FRAME) == of(FRAME)
    assert of(FRAME).id == read_id(FRAME.id, 0)


def test_reads_of_other_plates_and_other_frames_are_others() -> None:
    another = msgspec.structs.replace(FRAME, id=uuid.uuid4())
    assert len({of(FRAME).id, of(FRAME, index=1).id, of(another).id}) == 3


@pytest.mark.parametrize(
    ("agency", "days"), [("barstow", 365), ("flagstaff", 30), ("florence", 30), ("kentucky", 30), ("stockton", 730)]
)
def test_a_read_must_be_gone_when_its_owners_policy_says(agency: str, days: int) -> None:
    read = of(msgspec.structs.replace(FRAME, agency_id=agency))
    assert read.expires_on == date(2026, 3, 1) + timedelta(days=days)


def test_its_day_counts_from_the_image_not_from_its_arrival() -> None:
    late = msgspec.structs.replace(FRAME, received_at=FRAME.captured_at + timedelta(days=9))
    assert of(late).expires_on == of(FRAME).expires_on


def test_its_pictures_lie_under_its_day_and_its_agency() -> None:
    read = of(FRAME)
    folder = f"2027-03-01/barstow/{read.id}"
    assert (read.images.plate, read.images.scene) == (f"{folder}/plate.jpg", f"{folder}/scene.jpg")


def test_a_read_without_a_policy_is_nobodys() -> None:
    with pytest.raises(UnknownAgency, match="mayberry"):
        of(msgspec.structs.replace(FRAME, agency_id="mayberry"))


def test_a_time_that_no_day_of_expiry_can_follow_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        of(msgspec.structs.replace(FRAME, captured_at=datetime(9999, 12, 31, tzinfo=UTC)))


@pytest.mark.parametrize(("raw", "share"), [(1.0000002, 1.0), (-1e-9, 0.0), (0.5, 0.5)])
def test_rounding_errors_of_the_engine_never_break_the_contract(raw: float, share: float) -> None:
    found = PlateFound("AB1", raw, (raw,) * 3, (Candidate("AB1", raw),), FOUND.box, FOUND.score)
    read = decode(encode(of(FRAME, found)), PlateRead)
    assert (read.confidence, read.character_confidences[0], read.candidates[0].confidence) == (share, share, share)


def test_a_pass_of_one_frame_says_nothing_of_its_way() -> None:
    read = of(FRAME)
    assert (read.frames, read.last_seen_at, read.direction, read.supersedes) == (1, None, None, None)


def test_a_pass_of_several_frames_says_how_many_until_when_and_where_to() -> None:
    one = a_pass(FRAME)
    one.add(seen(1.5, "7KXR214", 0.99, (10, 20, 240, 80)), b"larger")
    read = read_of(one, POLICIES, MODELS)
    assert (read.id, read.captured_at) == (of(FRAME).id, FRAME.captured_at)
    assert (read.frames, read.direction) == (2, "towards")
    assert read.last_seen_at == FRAME.captured_at + timedelta(seconds=1.5)
    assert read.plate == "7KXR214"
    assert read.character_confidences == (0.99,) * 7


def test_a_read_that_its_agency_finds_too_unsure_is_marked() -> None:
    least = POLICIES[FRAME.agency_id].recognition.least_confidence
    for confidence, below in ((least - 0.01, True), (least, False)):
        assert of(FRAME, seen(0, "7KXR214", confidence).plate).below_threshold is below


def test_what_is_told_again_names_the_plate_that_may_have_hit() -> None:
    one = a_pass(FRAME)
    one.tell()
    one.add(seen(1, "7KXR214", 0.99), b"")
    assert read_of(one, POLICIES, MODELS).supersedes == "7KXR2I4"


def test_what_was_told_below_the_threshold_can_not_have_hit() -> None:
    one = a_pass(FRAME, seen(0, "7KXR214", 0.3).plate)
    one.tell()
    one.add(seen(1, "7KXR214", 0.99), b"")
    assert read_of(one, POLICIES, MODELS).supersedes is None


def test_the_colour_that_the_frames_show_goes_with_the_read_and_nothing_else_of_the_vehicle() -> None:
    read = of(FRAME, replace(FOUND, vehicle_colour=VehicleColour("red", 0.81)))
    assert read.vehicle == VehicleDescription(colour="red", colour_confidence=0.81)
    assert of(FRAME).vehicle is None

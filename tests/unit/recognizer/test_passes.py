"""Which plates of a camera's frames are one pass."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plateward.contracts.reads import read_id
from services.recognizer.decisions import Decisions
from services.recognizer.engine import Box, PlateFound
from services.recognizer.memory import read, written
from services.recognizer.passes import CameraPasses, Known, Rules, Shot
from services.recognizer.tracks import direction_of
from tests.unit.recognizer.sightings import BOX, a_plate, a_shot

RULES = Rules()
OTHER: Box = (1200, 600, 130, 44)


def ids(camera: CameraPasses, *frames: tuple[float, Sequence[PlateFound]]) -> list[list[uuid.UUID]]:
    """The passes of each frame's plates."""
    return [[one.id for one in camera.take(a_shot(seconds), plates).passes] for seconds, plates in frames]


def along(step: int) -> Box:
    """A vehicle that drives away."""
    return (600 + 20 * step, 600 - 60 * step, 200 - 20 * step, 66 - 6 * step)


def test_the_frames_of_a_vehicle_are_one_pass_with_the_id_of_the_first() -> None:
    camera = CameraPasses(RULES)
    seen = ids(camera, *((step / 5, [a_plate("7KXR214", box=along(step))]) for step in range(8)))
    assert {one for frame in seen for one in frame} == {read_id(a_shot(0).frame.id, 0)}
    assert direction_of(camera.open[0].sightings) == "away"


def test_different_vehicles_in_quick_succession_are_different_passes() -> None:
    camera = CameraPasses(RULES)
    plates = ["7KXR214", "8ABC123", "4GHT907", "2MNP561"]
    seen = ids(camera, *((number / 10, [a_plate(text)]) for number, text in enumerate(plates)))
    assert len({one for frame in seen for one in frame}) == 4


def test_two_plates_at_once_are_two_passes_whatever_their_order() -> None:
    camera = CameraPasses(RULES)
    one, other = a_plate("7KXR214"), a_plate("8ABC123", box=OTHER)
    seen = ids(camera, (0, [one, other]), (0.3, [other, one]), (0.6, [one]), (0.9, [other, one]))
    assert len({each for frame in seen for each in frame}) == 2
    assert seen[1] == seen[0][::-1]
    assert seen[2] == [seen[0][0]]


def test_a_misread_in_place_belongs_to_the_pass_and_is_outvoted() -> None:
    camera = CameraPasses(RULES)
    ids(camera, (0, [a_plate("7KXR214", 0.9)]), (0.2, [a_plate("7KHB214", 0.5)]), (0.4, [a_plate("7KXR214", 0.9)]))
    (one,) = camera.open
    assert (one.vote.text, len(one.sightings)) == ("7KXR214", 3)


def test_two_plates_read_with_certainty_in_one_place_are_two_vehicles() -> None:
    camera = CameraPasses(RULES)
    seen = ids(camera, (0, [a_plate("7KXR214", 0.99)]), (0.2, [a_plate("7KXH907", 0.99)]))
    assert seen[0] != seen[1]


def test_a_plate_that_has_left_ends_its_pass_and_comes_back_as_another() -> None:
    camera = CameraPasses(RULES)
    first = camera.take(a_shot(0), [a_plate("7KXR214", 0.8)]).passes[0]
    assert not camera.take(a_shot(0.6), []).due
    (due,) = camera.take(a_shot(1.2), []).due
    assert due is first
    camera.take(a_shot(2.4), [])
    (again,) = camera.take(a_shot(5), [a_plate("7KXR214", 0.8)]).passes
    assert again.id != first.id


def test_one_bad_frame_does_not_end_a_pass() -> None:
    camera = CameraPasses(RULES)
    seen = ids(camera, (0, [a_plate("7KXR214")]), (1.5, []), (2.0, [a_plate("7KXR214")]))
    assert seen[0] == seen[2]


def test_a_single_picture_now_and_then_is_a_pass_of_its_own() -> None:
    camera = CameraPasses(RULES)
    seen = ids(camera, *((8.0 * number, [a_plate("7KXR214")]) for number in range(4)))
    assert len({one for frame in seen for one in frame}) == 4


def test_a_camera_that_falls_silent_has_its_passes_told_once() -> None:
    camera = CameraPasses(RULES)
    (one,) = camera.take(a_shot(0), [a_plate("7KXR214", 0.6)]).passes
    assert camera.sure([one]) == ()
    (ended,) = camera.silence()
    assert ended is one
    ended.tell()
    assert camera.silence() == ()
    assert camera.open == ()


def test_a_sure_pass_is_told_at_once_and_again_only_with_news() -> None:
    camera = CameraPasses(RULES)
    (one,) = camera.take(a_shot(0), [a_plate("7KXR214", 0.99)]).passes
    (sure,) = camera.sure([one])
    assert sure is one
    sure.tell()
    assert camera.sure([one]) == ()
    assert camera.silence() == ()


def test_a_silence_that_was_only_a_delay_makes_no_second_pass() -> None:
    camera = CameraPasses(RULES)
    (one,) = camera.take(a_shot(0), [a_plate("7KXR214")]).passes
    camera.silence()
    (again,) = camera.take(a_shot(0.9), [a_plate("7KXR214")]).passes
    assert again is one
    assert camera.open == (one,)


def parked(camera: CameraPasses, seconds: Sequence[float]) -> list[Known]:
    return [camera.take(a_shot(at), [a_plate("7KXR214")]).passes[0] for at in seconds]


def test_a_parked_car_gives_one_pass_and_then_nothing() -> None:
    camera = CameraPasses(RULES)
    told = parked(camera, [number / 2 for number in range(120)])
    assert len({one.id for one in told}) == 1
    assert told[0].over
    assert len(told[0].sightings) <= 32, "what stands is not looked at for ever"


def test_a_parked_car_is_known_again_after_others_hid_it() -> None:
    camera = CameraPasses(RULES)
    before = parked(camera, [0, 1, 2])
    camera.silence()
    after = camera.take(a_shot(100), [a_plate("8ABC123", box=OTHER), a_plate("7KXR214")]).passes
    assert after[1] is before[0]
    assert after[0] is not before[0]


def test_a_parked_car_is_read_again_after_its_time() -> None:
    camera = CameraPasses(Rules(parked=timedelta(seconds=60)))
    seen = parked(camera, [0, 1, 2, 59, 62])
    assert seen[3] is seen[0]
    assert seen[4] is not seen[0]


def test_a_parked_car_seen_elsewhere_is_another_pass() -> None:
    camera = CameraPasses(RULES)
    before = parked(camera, [0, 1, 2])
    camera.silence()
    (elsewhere,) = camera.take(a_shot(100), [a_plate("7KXR214", box=OTHER)]).passes
    assert elsewhere is not before[0]


def test_the_best_picture_is_a_large_one_that_shows_the_plate_as_voted() -> None:
    camera = CameraPasses(RULES)
    for number, (plate, jpeg) in enumerate(
        [
            (a_plate("7KXR214", 0.9, (600, 400, 100, 33)), b"small"),
            (a_plate("7KXR214", 0.9, (600, 420, 160, 53)), b"large"),
            (a_plate("7KXH214", 0.6, (600, 440, 300, 99)), b"misread"),
        ]
    ):
        camera.take(a_shot(number / 5, jpeg=jpeg), [plate])
    assert camera.open[0].picture.jpeg == b"large"


STANDS_AND_IS_SEEN_TWICE_MORE = [
    (1.0, {"A"}),
    (0.5, {"A", "B"}),
    (1.0, {"B"}),
    (1.0, set[str]()),
    (3.0, {"B"}),
    (1.0, {"A", "B"}),
]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0.05, 3.0), st.sets(st.sampled_from("ABC"))), min_size=1, max_size=14))
@example(STANDS_AND_IS_SEEN_TWICE_MORE)
def test_the_same_frames_make_the_same_passes_wherever_one_begins_again(
    traffic: list[tuple[float, set[str]]],
) -> None:
    """A recogniser that dies begins again where the oldest open pass began, with what is remembered there."""
    texts = {"A": a_plate("7KXR214"), "B": a_plate("8ABC123", box=OTHER), "C": a_plate("4GHT907", box=(60, 60, 90, 30))}
    at = 0.0
    frames: list[tuple[Shot, list[PlateFound]]] = []
    for apart, letters in traffic:
        at += apart
        frames.append((a_shot(at, position=len(frames)), [texts[letter] for letter in sorted(letters)]))
    camera = CameraPasses(RULES)
    whole, deaths = [], [(0, "")]
    for number, frame in enumerate(frames):
        whole.append([one.id for one in camera.take(*frame).passes])
        begin = min((one.position for one in camera.open), default=number + 1)
        deaths.append((begin, written(begin, Decisions(), {"camera": camera.remembered(begin)})))
    for begin, memory in deaths:
        again = CameraPasses(RULES, read(memory, begin)[1].get("camera", ()))
        assert [[one.id for one in again.take(*frame).passes] for frame in frames[begin:]] == whole[begin:]


def test_a_plate_too_far_off_to_be_found_for_a_moment_stays_on_its_pass() -> None:
    camera = CameraPasses(RULES)
    seen = ids(camera, (0, [a_plate("7KXR214")]), (0.5, []), (1.0, []), (1.5, []), (2.0, [a_plate("7KXR21")]))
    assert seen[4] == seen[0]


def test_a_parked_car_is_known_though_a_box_or_two_were_off() -> None:
    camera = CameraPasses(RULES)
    part: Box = (640, 400, 60, 40)
    boxes = [part, *[BOX] * 9, part]
    first = [camera.take(a_shot(at / 2), [a_plate("7KXR214", box=box)]).passes[0] for at, box in enumerate(boxes)]
    camera.silence()
    assert camera.take(a_shot(100), [a_plate("7KXR214")]).passes[0] is first[0]


def test_a_place_is_remembered_by_a_plate_that_reads_alike() -> None:
    camera = CameraPasses(RULES)
    before = parked(camera, [0, 1, 2])
    camera.silence()
    (stranger,) = camera.take(a_shot(50), [a_plate("4GHT907", box=BOX)]).passes
    assert stranger is not before[0]

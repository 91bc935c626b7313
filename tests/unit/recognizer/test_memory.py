"""What is remembered beside an offset."""

import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recognizer.backlog import Fate
from services.recognizer.decisions import Decisions
from services.recognizer.memory import LONGEST_TEXT, read, written
from services.recognizer.passes import CameraPasses, Known, Rules
from tests.unit.recognizer.sightings import a_plate, a_shot

FATES: st.SearchStrategy[list[Fate]] = st.lists(st.sampled_from(["look", "skipped", "stale"]), max_size=60)


def decisions(fates: list[Fate], offset: int) -> Decisions:
    noted = Decisions()
    for number, one in enumerate(fates):
        noted.note(offset + number, one)
    return noted


@given(FATES, st.integers(0, 2**40), st.data())
def test_decisions_are_read_back_from_any_offset_on(fates: list[Fate], offset: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(fates)))
    noted = decisions(fates, offset)
    noted.forget_before(offset + start)
    again = Decisions.read(noted.written(offset + start, 4000), offset + start)
    assert [again.of(offset + number) for number in range(start, len(fates) + 3)] == [*fates[start:], None, None, None]


@given(FATES, st.integers(0, 80))
def test_where_there_is_no_room_the_first_decisions_are_kept(fates: list[Fate], longest: int) -> None:
    text = decisions(fates, 7).written(7, longest)
    again = Decisions.read(text, 7)
    assert len(text) <= longest
    assert all(again.of(7 + number) in (one, None) for number, one in enumerate(fates))


@pytest.mark.parametrize("text", ["", "nonsense", "l", "x5", "l5 s", "[1, 2", '["a"]', "l3 [\n", "é"])
def test_a_text_of_anything_else_says_nothing(text: str) -> None:
    noted, passes = read(text, 3)
    assert noted.of(3) is None
    assert passes == {}


def remembered(seconds: list[float]) -> tuple[Known, ...]:
    camera = CameraPasses(Rules())
    for number, at in enumerate(seconds):
        camera.take(a_shot(at, number), [a_plate("7KXR214")])
    camera.silence()
    return camera.remembered(0)


def test_a_pass_is_known_again_by_what_is_remembered() -> None:
    (one,) = remembered([0, 1.0, 2.0])
    (again,) = read(written(0, Decisions(), {"main-1": [one]}), 0)[1]["main-1"]
    assert (again.id, again.vote.text, again.last_position, again.over) == (one.id, "7KXR214", 2, True)
    assert (again.began_at, again.last_seen_at) == (one.began_at, one.last_seen_at)
    camera = CameraPasses(Rules(), [again])
    assert camera.take(a_shot(600, 9), [a_plate("7KXR214")]).passes[0].id == one.id


def test_a_memory_too_long_leaves_out_what_was_seen_longest_ago() -> None:
    known = []
    for number in range(100):
        (one,) = remembered([0.0])
        one.id = uuid.uuid4()
        one.last_seen_at += timedelta(seconds=number)
        known.append(one)
    text = written(0, decisions(["look", "skipped"] * 100, 0), {"main-1": known})
    kept = [one.id for one in read(text, 0)[1]["main-1"]]
    assert len(text.encode()) <= LONGEST_TEXT
    assert kept == [one.id for one in known[::-1][: len(kept)]]
    assert len(kept) > 20
    assert read(text, 0)[0].of(1) == "skipped"

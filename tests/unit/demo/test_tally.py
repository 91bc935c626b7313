"""The demo's account: it is complete when everything is there, and says what is not."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from demo.tally import Sent, Tally
from plateward.contracts.examples import EXAMPLES, PLATE_READ
from plateward.contracts.frames import FrameOutcome, Outcome
from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead
from plateward.plates.confusion import match_key

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HIT = next(example for example in EXAMPLES if isinstance(example, HitRaised))
LISTED, EMPTY, REFUSED, STRANGER, CERTAIN = (uuid.UUID(int=number) for number in range(1, 6))
ENTRY, OTHER = uuid.UUID(int=91), uuid.UUID(int=92)


def outcome(frame: uuid.UUID, kind: Outcome) -> FrameOutcome:
    return FrameOutcome(
        frame_id=frame,
        camera_id="c",
        agency_id="barstow",
        outcome=kind,
        reads=int(kind == "read"),
        read_ids=(frame,) if kind == "read" else (),
        captured_at=AT,
        at=AT,
    )


def read(frame: uuid.UUID, plate: str) -> PlateRead:
    """The read of a pass of one frame, under the frame's own id so that pairs are easily written."""
    return msgspec.structs.replace(PLATE_READ, id=frame, frame_id=frame, plate=plate, frames=1, below_threshold=False)


def hit(frame: uuid.UUID, entry: uuid.UUID) -> HitRaised:
    listed = msgspec.structs.replace(HIT.entry, id=entry)
    return msgspec.structs.replace(HIT, read=read(frame, "ANY"), entry=listed)


def sent(plate: str | None = None, must_hit: uuid.UUID | None = None, at: float = 10.0) -> Sent:
    return Sent(at, "barstow", plate, must_hit)


@pytest.fixture
def tally() -> Tally:
    """Five frames: one reads as a listed plate, one sure to be listed, a stranger, an empty road, one that died."""
    tally = Tally({ENTRY: ("barstow", match_key("ABO")), OTHER: ("florence", match_key("ABO"))})
    tally.sent = {
        LISTED: sent("ABO"),
        CERTAIN: sent("XYZ", must_hit=ENTRY, at=20.0),
        STRANGER: sent("OPQ"),
        EMPTY: sent(),
        REFUSED: sent(),
    }
    tally.outcomes = {
        LISTED: outcome(LISTED, "read"),
        CERTAIN: outcome(CERTAIN, "read"),
        STRANGER: outcome(STRANGER, "read"),
        EMPTY: outcome(EMPTY, "no-plate"),
        REFUSED: outcome(REFUSED, "dead"),
    }
    tally.reads = {LISTED: read(LISTED, "AB0"), CERTAIN: read(CERTAIN, "XYZ"), STRANGER: read(STRANGER, "0PQ")}
    tally.take_hit(hit(LISTED, ENTRY), 10.5)
    tally.take_hit(hit(CERTAIN, ENTRY), 21.5)
    return tally


def test_a_whole_account_is_complete(tally: Tally) -> None:
    assert tally.complete()
    assert tally.unaccounted() == set()
    assert tally.missing_hits() == set()


def test_its_figures_are_the_last_line(tally: Tally) -> None:
    tally.refused = 2
    assert json.loads(tally.line()) == {
        "frames": 7,
        "reads": 3,
        "no_plate": 1,
        "dead": 3,
        "skipped": 0,
        "passes": 3,
        "expected_hits": 2,
        "hits": 2,
        "frame_to_hit_ms": {"p50": 1000.0, "p99": 1490.0},
        "accuracy": {"n": 3, "exact": 33.3, "folded": 100.0},
    }


def test_a_read_that_could_be_a_listed_plate_must_be_a_hit_of_its_own_agency_only(tally: Tally) -> None:
    assert tally.expected() == {(LISTED, ENTRY), (CERTAIN, ENTRY)}


@pytest.mark.parametrize(
    ("lose", "frame"),
    [
        (lambda tally: tally.arrived.pop((LISTED, ENTRY)), LISTED),
        (lambda tally: tally.arrived.pop((CERTAIN, ENTRY)), CERTAIN),
        (lambda tally: tally.reads.update({STRANGER: read(STRANGER, "ABD")}), STRANGER),
    ],
    ids=["of a listed read", "of a vehicle sure to be listed", "of a read that the matcher passed over"],
)
def test_a_hit_that_did_not_arrive_is_missed(tally: Tally, lose: Callable[[Tally], object], frame: uuid.UUID) -> None:
    lose(tally)
    assert tally.missing_hits() == {(frame, ENTRY)}
    assert not tally.complete()


def test_a_misread_vehicle_that_is_sure_to_be_listed_is_still_expected(tally: Tally) -> None:
    tally.reads[CERTAIN] = read(CERTAIN, "WRONG")
    tally.arrived.pop((CERTAIN, ENTRY))
    assert tally.missing_hits() == {(CERTAIN, ENTRY)}


@pytest.mark.parametrize("frame", [LISTED, EMPTY, REFUSED])
def test_a_frame_without_an_outcome_is_unaccounted_for(tally: Tally, frame: uuid.UUID) -> None:
    del tally.outcomes[frame]
    assert tally.unaccounted() == {frame}
    assert not tally.complete()


def test_an_outcome_whose_read_was_never_seen_is_not_complete(tally: Tally) -> None:
    del tally.reads[STRANGER]
    assert not tally.complete()


def test_a_hit_that_arrives_at_two_consoles_counts_once_and_by_the_first(tally: Tally) -> None:
    tally.take_hit(hit(LISTED, ENTRY), 99.0)
    assert tally.arrived[(LISTED, ENTRY)] == 10.5
    assert tally.summary()["hits"] == 2


def test_hits_of_frames_from_before_the_demo_do_not_make_up_for_missing_ones(tally: Tally) -> None:
    del tally.arrived[(LISTED, ENTRY)]
    tally.take_hit(hit(uuid.UUID(int=77), ENTRY), 11.0)
    assert tally.summary()["hits"] == 1
    assert not tally.complete()


def test_without_truth_and_hits_there_are_no_figures_for_them() -> None:
    figures = Tally({}).summary()
    assert figures["accuracy"] is None
    assert figures["frame_to_hit_ms"] == {"p50": None, "p99": None}


def test_one_hit_is_all_percentiles(tally: Tally) -> None:
    del tally.sent[CERTAIN]
    assert tally.summary()["frame_to_hit_ms"] == {"p50": 500.0, "p99": 500.0}


def test_the_table_shows_the_same_figures(tally: Tally) -> None:
    del tally.outcomes[EMPTY]
    cells = [list(column.cells) for column in tally.table().columns]
    figures = dict(zip(*cells, strict=True))
    assert figures["Frames sent"] == "5"
    assert figures["  unaccounted for"] == "1"
    assert figures["  arrived at a console"] == "2"

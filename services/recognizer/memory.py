"""What a recogniser has to remember of a partition besides its frames, as text that fits beside the offset.

These are the decisions which frames were looked at, and the passes that are over but would be taken for new ones if
their last frames, or the vehicle that stands there, were seen again.
"""

import math
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from services.recognizer.decisions import Decisions
from services.recognizer.engine import Box, Candidate, PlateFound
from services.recognizer.passes import Known
from services.recognizer.tracks import Sighting, middle, stands
from services.recognizer.voting import vote

LONGEST_TEXT = 4000
"""Kafka keeps 4096 bytes beside an offset."""

_FOR_DECISIONS = 1000


class _Note(msgspec.Struct, array_like=True, frozen=True):
    """A pass that is over, in about a hundred bytes."""

    camera: str
    id: uuid.UUID
    text: str
    box: Box
    began_ms: int
    seen_ms: int
    last_position: int
    stands: bool


def written(offset: int, decisions: Decisions, passes: Mapping[str, Sequence[Known]]) -> str:
    """The memory for this offset; where it would be too long, what was seen longest ago is left out."""
    notes = [_note(camera, one) for camera, known in passes.items() for one in known]
    notes.sort(key=lambda note: -note.seen_ms)
    text, room = "", LONGEST_TEXT - _FOR_DECISIONS
    for note in notes:
        line = msgspec.json.encode(note).decode() + "\n"
        if len(text) + len(line) > room:
            break
        text += line
    return (text + decisions.written(offset, LONGEST_TEXT - len(text))).rstrip("\n")


def read(text: str, offset: int) -> tuple[Decisions, dict[str, list[Known]]]:
    """What `written` wrote, passes by camera; nothing of a text of anything else."""
    passes: dict[str, list[Known]] = {}
    *lines, last = text.split("\n")
    if last.startswith("["):
        lines, last = [*lines, last], ""
    try:
        for line in lines:
            note = msgspec.json.decode(line, type=_Note)
            passes.setdefault(note.camera, []).append(_known(note))
    except msgspec.DecodeError:
        return Decisions(), {}
    return Decisions.read(last, offset), passes


def _note(camera: str, one: Known) -> _Note:
    plate = (middle(one.sightings) if stands(one.sightings) else one.sightings[-1]).plate
    return _Note(
        camera=camera,
        id=one.id,
        text=one.vote.text,
        box=plate.box,
        began_ms=_ms(one.began_at),
        seen_ms=_ms(one.last_seen_at),
        last_position=one.last_position,
        stands=stands(one.sightings),
    )


def _known(note: _Note) -> Known:
    plate = PlateFound(note.text, 1.0, (), (Candidate(note.text, 1.0),), note.box, 0.0)
    began, seen = _moment(note.began_ms), _moment(note.seen_ms)
    # What stands was seen in one place at both times; of what does not, only the last place is known.
    sightings = [Sighting(began, plate), Sighting(seen, plate)] if note.stands else [Sighting(seen, plate)]
    return Known(
        id=note.id,
        began_at=began,
        sightings=sightings,
        vote=vote([plate]),
        last_seen_at=seen,
        last_position=note.last_position,
        over=True,
    )


def _ms(at: datetime) -> int:
    return math.ceil(at.timestamp() * 1000)


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)

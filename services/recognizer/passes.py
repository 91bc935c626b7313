"""One vehicle's way past one camera is one read: which plates of a camera's frames belong to which pass.

All of it follows from the frames alone, never from when they are worked on: the same frames again make the same
passes, with the same ids.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from plateward.contracts.frames import Frame
from plateward.contracts.reads import read_id
from services.recognizer.engine import Box, PlateFound
from services.recognizer.likeness import likeness
from services.recognizer.tracks import Sighting, is_near, middle, shift, stands
from services.recognizer.voting import Vote, vote

_ALIKE = 0.7
"""From this likeness on two spellings are of one plate, wherever in the picture: two wrong characters of seven."""

_MISSED = 2
"""So many frames in which a plate was looked for and not found show that it has left; one may be a bad frame."""

_SAME_PLACE = 0.5
"""How far, in plate widths, a standing plate may seem to have moved."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When a pass is sure, and when it is over."""

    sure: float = 0.95
    """A vote as probable as this is told at once; others wait for the end of the pass."""
    gap: timedelta = timedelta(seconds=1)
    """For how long a plate is out of sight, or its camera silent, before what is known of it is told."""
    unseen: timedelta = timedelta(seconds=3)
    """For how long a plate may be out of sight and still be on the same pass: behind another, or too far off."""
    longest: timedelta = timedelta(seconds=15)
    """A pass takes no longer: who is still there has stopped."""
    parked: timedelta = timedelta(hours=1)
    """For how long from its first frame on a vehicle that stands gives no further read."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera's picture as it stands in the line of frames."""

    frame: Frame
    jpeg: bytes
    position: int
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The frame that shows a pass's plate best, and where in it the plate is."""

    jpeg: bytes
    """Empty once it has been told: who was told keeps it."""
    box: Box
    quality: tuple[bool, float]


@dataclass(slots=True, eq=False, kw_only=True)
class Known:
    """A vehicle that was seen by a camera, so that it is known again."""

    id: uuid.UUID
    began_at: datetime
    sightings: list[Sighting]
    vote: Vote
    last_seen_at: datetime
    last_position: int
    """Where in the line of frames it was seen last."""
    missed: int = 0
    over: bool = False
    """Nothing is added to it any more; it is only remembered."""


@dataclass(slots=True, eq=False, kw_only=True)
class Pass(Known):
    """A vehicle on its way past a camera, and what has been told of it so far."""

    frame: Frame
    """Its first."""
    position: int
    """Where in the line of frames its first one stands: to rebuild the pass, begin there."""
    traceparent: str | None
    """The trace that its first frame belongs to."""
    picture: Picture
    told: Vote | None = None
    told_frames: int = 0

    @classmethod
    def begun(cls, shot: Shot, index: int, seen: Sighting) -> Self:
        """The pass that the index-th plate of a frame begins."""
        return cls(
            id=read_id(shot.frame.id, index),
            began_at=seen.at,
            sightings=[seen],
            vote=vote([seen.plate]),
            last_seen_at=seen.at,
            last_position=shot.position,
            frame=shot.frame,
            position=shot.position,
            traceparent=shot.traceparent,
            picture=Picture(shot.jpeg, seen.plate.box, _quality(seen, seen.plate.text)),
        )

    @property
    def has_news(self) -> bool:
        """Whether there is more to tell of it than has been told."""
        return len(self.sightings) > self.told_frames

    def tell(self) -> None:
        """Notes that its read is out as it stands."""
        self.told, self.told_frames = self.vote, len(self.sightings)
        self.picture = Picture(b"", self.picture.box, self.picture.quality)

    def add(self, seen: Sighting, jpeg: bytes) -> None:
        """Takes a further sighting in: the vote is held anew, the best picture kept."""
        self.sightings.append(seen)
        self.vote = vote([one.plate for one in self.sightings])
        quality = _quality(seen, self.vote.text)
        if quality > self.picture.quality:
            self.picture = Picture(jpeg, seen.plate.box, quality)


def _quality(seen: Sighting, text: str) -> tuple[bool, float]:
    """A picture is best that shows the plate as it was voted; then a large one that was read with certainty."""
    return seen.plate.text == text, seen.plate.confidence * seen.width


@dataclass(frozen=True, slots=True)
class Seen:
    """What a frame says: the pass of each of its plates, and the passes of which it is now time to tell."""

    passes: tuple[Known, ...]
    due: tuple[Pass, ...]


class CameraPasses:
    """The passes of one camera."""

    def __init__(self, rules: Rules, remembered: Iterable[Known] = ()) -> None:
        """`remembered` are passes that were over before the frames that come."""
        self._rules = rules
        self._known: list[Known] = list(remembered)
        self._needed_from = 0

    @property
    def open(self) -> tuple[Pass, ...]:
        """Those that further frames may add to."""
        return tuple(one for one in self._known if isinstance(one, Pass) and not one.over)

    def remembered(self, needed_from: int) -> tuple[Known, ...]:
        """What has to be known besides the frames from that position on to make the same passes of them again."""
        self._needed_from = needed_from
        return tuple(
            one for one in self._known if one.over and (one.last_position >= needed_from or stands(one.sightings))
        )

    def take(self, shot: Shot, plates: Sequence[PlateFound]) -> Seen:
        """The camera's next frame that was looked at, with the plates found in it, best first."""
        at = shot.frame.captured_at
        before = self.open
        self._forget(at)
        sightings = [Sighting(at, plate) for plate in plates]
        belongs = self._belonging(sightings)
        passes: list[Known] = []
        for index, seen in enumerate(sightings):
            one = belongs.get(index)
            if one is None:
                one = Pass.begun(shot, index, seen)
                self._known.append(one)
            else:
                self._see(one, seen, shot)
            passes.append(one)
        for one in self._known:
            one.missed = 0 if one in passes else one.missed + 1
        self._end(at)
        ended = dict.fromkeys((*before, *(one for one in passes if isinstance(one, Pass))))
        return Seen(tuple(passes), tuple(one for one in ended if one.has_news and self._is_due(one, at)))

    def sure(self, passes: Sequence[Known]) -> tuple[Pass, ...]:
        """Those of these passes that nothing has been told of and that need not wait for their end."""
        return tuple(
            one
            for one in passes
            if isinstance(one, Pass) and one.told is None and one.vote.confidence >= self._rules.sure
        )

    def silence(self) -> tuple[Pass, ...]:
        """No frame has come for longer than a gap: what is open is over. Returns what there is to tell."""
        ended = self.open
        for one in ended:
            one.over = True
        return tuple(one for one in ended if one.has_news)

    def _see(self, one: Known, seen: Sighting, shot: Shot) -> None:
        if isinstance(one, Pass):
            # By what was added to it: one that was known again where it stands, long after, is not begun again.
            gone = seen.at - one.sightings[-1].at
            if one.over and gone <= self._rules.unseen and not self._is_long(one, seen.at):
                one.over = False  # ended by a silence that was only a delay
            if not one.over and one.last_seen_at != seen.at:
                one.add(seen, shot.jpeg)
        one.last_seen_at = max(one.last_seen_at, seen.at)
        one.last_position = max(one.last_position, shot.position)

    def _end(self, at: datetime) -> None:
        for one in self.open:
            if self._is_long(one, one.last_seen_at) or (one.missed >= _MISSED and not self._is_recent(one, at)):
                one.over = True

    def _is_due(self, one: Pass, at: datetime) -> bool:
        return one.over or (one.missed >= _MISSED and at - one.last_seen_at > self._rules.gap)

    def _forget(self, at: datetime) -> None:
        for one in self.open:
            # Frames may be missing between: who was out of sight for so long is another pass.
            if abs(at - one.last_seen_at) > self._rules.unseen:
                one.over = True
        self._known = [one for one in self._known if self._may_return(one, at)]

    def _may_return(self, one: Known, at: datetime) -> bool:
        return not one.over or one.last_position >= self._needed_from or self._counts(one, at)

    def _counts(self, one: Known, at: datetime) -> bool:
        """Whether a pass that is over still answers for its vehicle at this time."""
        if one.began_at - self._rules.unseen > at or at - one.began_at > max(self._rules.parked, self._rules.longest):
            return False
        return self._is_recent(one, at) or stands(one.sightings)

    def _is_long(self, one: Known, at: datetime) -> bool:
        return at - one.began_at >= self._rules.longest

    def _is_recent(self, one: Known, at: datetime) -> bool:
        return at - one.last_seen_at <= self._rules.unseen

    def _belonging(self, sightings: Sequence[Sighting]) -> dict[int, Known]:
        """Which sighting belongs to which known pass: the surest pair first, each of both once."""
        pairs = [
            (affinity, index, one)
            for index, seen in enumerate(sightings)
            for one in self._known
            if (affinity := self._affinity(one, seen)) > 0
        ]
        belongs: dict[int, Known] = {}
        for _, index, one in sorted(pairs, key=lambda pair: (-pair[0], pair[1], str(pair[2].id))):
            if index not in belongs and one not in belongs.values():
                belongs[index] = one
        return belongs

    def _affinity(self, one: Known, seen: Sighting) -> float:
        """How surely a sighting is of this pass; 0 where it is not."""
        if one.over and not self._counts(one, seen.at):
            return 0.0
        last = one.sightings[-1]
        alike = max(likeness(one.vote.text, seen.plate.text), likeness(last.plate.text, seen.plate.text))
        if alike < _ALIKE:
            return 0.0
        if one.over and not self._is_recent(one, seen.at):  # it counts because it stands: so it must stand there
            return alike if shift(middle(one.sightings), seen) <= _SAME_PLACE else 0.0
        return 1.0 + alike + is_near(one.sightings, seen)

"""From a video file to the reads of its passes, on one core whose time is counted: gate, JPEG, engine, passes.

The clock is the core's own: it goes on with the work that is done, and waits for the video where there is none. So
the recogniser falls behind, and passes frames over, just as it would on a machine of that one core.
"""

import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import cv2
import msgspec
import numpy as np

from plateward.contracts.examples import EXAMPLES
from plateward.contracts.frames import Frame
from plateward.contracts.reads import PlateRead
from plateward.policy.catalogue import load_catalogue
from services.ingest.adapters.images import encode_jpeg
from services.ingest.adapters.motion import MotionGate
from services.recognizer.adapters.jpeg import decode_jpeg
from services.recognizer.backlog import fate
from services.recognizer.engine import Engine
from services.recognizer.likeness import likeness
from services.recognizer.passes import CameraPasses, Pass, Rules, Shot
from services.recognizer.reading import read_of

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
AGE_MAX = timedelta(seconds=60)
FOUND = 0.7
"""A read of this likeness is of that vehicle."""

T = TypeVar("T")
_FRAME = next(example for example in EXAMPLES if isinstance(example, Frame))


@dataclass
class Outcome:
    """What became of the video."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latest_seconds: float = 0.0
    """How far behind the video the core was at its end."""
    frames: dict[str, int] = field(default_factory=dict)
    gate_ms: list[float] = field(default_factory=list)
    reads: dict[uuid.UUID, PlateRead] = field(default_factory=dict)
    told: int = 0


class OneCore:
    """Does the work of ingest and recogniser for one camera's video."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._rules = engine, Rules()
        self._passes, self._policies = CameraPasses(self._rules), load_catalogue()
        self._clock, self._heard_at = 0.0, 0.0
        self._last_looked_at: datetime | None = None
        self._waiting: deque[Shot] = deque()
        self.outcome = Outcome()

    def play(self, file: Path) -> Outcome:
        """The whole video."""
        video = cv2.VideoCapture(str(file))
        apart = 1 / video.get(cv2.CAP_PROP_FPS)
        gate = MotionGate(lambda: self._clock)
        number = 0
        while self._worked(video.grab):
            at = number * apart
            while self._waiting and self._clock < at:
                self._take(self._waiting.popleft())
            self._clock = max(self._clock, at)
            self._listen()
            pixels = np.asarray(self._worked(video.retrieve)[1], np.uint8)
            began = time.process_time()
            moved = self._worked(partial(gate.lets_pass, pixels))
            self.outcome.gate_ms.append((time.process_time() - began) * 1000)
            if moved:
                jpeg = self._worked(partial(encode_jpeg, pixels, 90))
                self._waiting.append(Shot(self._frame(number, at), jpeg, number))
            else:
                self._count("still")
            number += 1
        while self._waiting:
            self._take(self._waiting.popleft())
        self._tell(self._passes.silence())
        self.outcome.seconds = number * apart
        self.outcome.latest_seconds = max(0.0, self._clock - self.outcome.seconds)
        return self.outcome

    def _worked(self, do: Callable[[], T]) -> T:
        began = time.process_time()
        done = do()
        spent = time.process_time() - began
        self._clock += spent
        self.outcome.cpu_seconds += spent
        return done

    def _frame(self, number: int, at: float) -> Frame:
        return msgspec.structs.replace(
            _FRAME,
            id=uuid.uuid5(uuid.NAMESPACE_OID, str(number)),
            captured_at=START + timedelta(seconds=at),
            received_at=START + timedelta(seconds=self._clock),
        )

    def _take(self, shot: Shot) -> None:
        decision = fate(shot.frame, self._last_looked_at, START + timedelta(seconds=self._clock), AGE_MAX)
        self._count(decision)
        self._heard_at = self._clock
        if decision != "look":
            return
        self._last_looked_at = shot.frame.captured_at
        plates = self._worked(lambda: self._engine.find(decode_jpeg(shot.jpeg)))
        seen = self._passes.take(shot, plates)
        self._tell(dict.fromkeys((*self._passes.sure(seen.passes), *seen.due)))
        self._heard_at = self._clock

    def _listen(self) -> None:
        if not self._waiting and self._clock - self._heard_at > self._rules.gap.total_seconds():
            self._tell(self._passes.silence())

    def _tell(self, passes: Iterable[Pass]) -> None:
        for one in passes:
            self.outcome.reads[one.id] = read_of(one, self._policies, {})
            self.outcome.told += 1
            one.tell()

    def _count(self, what: str) -> None:
        self.outcome.frames[what] = self.outcome.frames.get(what, 0) + 1


@dataclass(frozen=True)
class Account:
    """The reads against the truth."""

    expected: int
    found: int
    right: int
    doubles: int
    false: int


def account(reads: Iterable[PlateRead], plates: list[str]) -> Account:
    """Each read is of the vehicle whose plate is most like it, or of none."""
    of = [max(plates, key=lambda plate: likeness(plate, read.plate)) for read in reads]
    pairs = [(plate, read.plate) for plate, read in zip(of, reads, strict=True)]
    true = [(plate, text) for plate, text in pairs if likeness(plate, text) >= FOUND]
    found = {plate for plate, _ in true}
    return Account(
        expected=len(plates),
        found=len(found),
        right=len({plate for plate, text in true if plate == text}),
        doubles=len(true) - len(found),
        false=len(pairs) - len(true),
    )

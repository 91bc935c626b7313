"""The frames of one partition, in their order: looked at or passed over, their plates followed, passes told."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiokafka import ConsumerRecord

from plateward.contracts.envelope import header, traceparent_of
from plateward.contracts.event import ContractError, decode
from plateward.contracts.frames import FRAME_HEADER, Frame, Outcome
from plateward.kernel.clock import now
from plateward.kernel.kafka.consumer import Refused
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.policy.catalogue import PolicyCatalogue, UnknownAgency
from plateward.policy.retention import expires_on
from services.recognizer.adapters.looking import Looking
from services.recognizer.adapters.telling import Telling
from services.recognizer.backlog import Fate, fate
from services.recognizer.memory import read, written
from services.recognizer.passes import CameraPasses, Pass, Rules, Shot
from services.recognizer.reading import SOURCE

_WAITING_GAPS = 3
"""Where other cameras' frames keep a partition busy, a camera is silent after so many gaps."""


@dataclass(slots=True, eq=False)
class _Camera:
    passes: CameraPasses
    last_looked_at: datetime | None = None
    heard_at: float = 0.0
    """Of the monotonic clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the partitions of a recogniser share."""

    looking: Looking
    telling: Telling
    dead_letters: DeadLetters
    policies: PolicyCatalogue
    rules: Rules
    frame_age_max: timedelta


class PartitionFrames:
    """One partition, from an offset on. Each frame's effect is there when `take` returns, but for reads that wait."""

    def __init__(self, work: Work, offset: int, memory: str, keep_memory: Callable[[], Awaitable[None]]) -> None:
        """`memory` is as `memory()` said for this offset; `keep_memory` makes it durable, before a pass is told."""
        self._work, self._keep_memory = work, keep_memory
        self.next_offset = offset
        self._decisions, remembered = read(memory, offset)
        self._cameras = {camera: _Camera(CameraPasses(work.rules, known)) for camera, known in remembered.items()}

    @property
    def needed_from(self) -> int:
        """The first offset that a recogniser has to begin with to know what this one knows of open passes."""
        return min(
            (one.position for camera in self._cameras.values() for one in camera.passes.open),
            default=self.next_offset,
        )

    def memory(self) -> tuple[int, str]:
        """Where a recogniser has to begin to make the same passes, and what it has to know there."""
        offset = self.needed_from
        self._decisions.forget_before(offset)
        passes = {camera: one.passes.remembered(offset) for camera, one in self._cameras.items()}
        return offset, written(offset, self._decisions, passes)

    async def take(self, record: ConsumerRecord) -> None:
        """The next record; raises NotAcknowledged or the blob store's errors."""
        try:
            frame = decode(header(record.headers, FRAME_HEADER).encode(), Frame)
        except ContractError as reason:
            await self._work.dead_letters.bury(record, str(reason))
            self._decide(record.offset, None)
        else:
            await self._take(frame, record)
        self.next_offset = record.offset + 1

    async def close_silent(self, *, more_waits: bool) -> None:
        """Ends the passes of cameras from which nothing has come for a while."""
        gap = self._work.rules.gap.total_seconds()
        patience = _WAITING_GAPS * gap if more_waits else gap
        for camera in self._cameras.values():
            if camera.passes.open and time.monotonic() - camera.heard_at > patience:
                for one in camera.passes.silence():
                    await self._tell(one)

    async def _take(self, frame: Frame, record: ConsumerRecord) -> None:
        trace = traceparent_of(record.headers)
        camera = self._cameras.setdefault(frame.camera_id, _Camera(CameraPasses(self._work.rules)))
        decision = self._decide(record.offset, (frame, camera))
        if decision == "look":
            camera.last_looked_at = frame.captured_at
            await self._look(camera, Shot(frame, record.value or b"", record.offset, trace), record)
        else:
            await self._work.telling.outcome(frame, decision, (), trace)
        camera.heard_at = time.monotonic()

    def _decide(self, offset: int, of: tuple[Frame, _Camera] | None) -> Fate:
        decided = self._decisions.of(offset)
        if decided is None:
            decided = "look" if of is None else fate(of[0], of[1].last_looked_at, now(), self._work.frame_age_max)
            self._decisions.note(offset, decided)
        return decided

    async def _look(self, camera: _Camera, shot: Shot, record: ConsumerRecord) -> None:
        telling = self._work.telling
        try:
            plates = await self._work.looking.look(shot.jpeg)
            if plates:
                self._check(shot.frame)
        except Refused as reason:
            await self._work.dead_letters.bury(record, str(reason))
            await telling.outcome(shot.frame, "dead", (), shot.traceparent)
            return
        seen = camera.passes.take(shot, plates)
        for one in dict.fromkeys((*camera.passes.sure(seen.passes), *seen.due)):
            await self._tell(one)
        outcome: Outcome = "read" if plates else "no-plate"
        await telling.outcome(shot.frame, outcome, [one.id for one in seen.passes], shot.traceparent)

    async def _tell(self, one: Pass) -> None:
        if one.told is None:
            await self._keep_memory()
        await self._work.telling.read(one)

    def _check(self, frame: Frame) -> None:
        """Raises Refused where nobody's policy says how long a read of this frame is kept."""
        try:
            expires_on(self._work.policies[frame.agency_id], SOURCE, frame.captured_at)
        except UnknownAgency as error:
            raise Refused(f"agency_id: {error} has no profile, so nothing says how long to keep its reads") from error
        except OverflowError as error:
            raise Refused(f"captured_at: {frame.captured_at.isoformat()} is no time to keep a read from") from error

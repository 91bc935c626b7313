"""The topics: what is on them, by which key, for how long."""

from dataclasses import dataclass, field
from datetime import timedelta

from plateward.contracts.access import AccessRecord
from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.cameras import CameraStatus
from plateward.contracts.dead_letters import DEAD_SUFFIX, DeadLetter
from plateward.contracts.event import Event
from plateward.contracts.frames import FRAME_BYTES_MAX, Frame, FrameOutcome
from plateward.contracts.heartbeats import Heartbeat
from plateward.contracts.hits import HitRaised
from plateward.contracts.holds import EvidenceHold
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList, ListAlarm
from plateward.contracts.reads import PlateRead
from plateward.contracts.self_checks import SelfCheckAsked
from plateward.contracts.sharing import SharingAgreement

RECORD_BYTES_MAX = FRAME_BYTES_MAX + 64 * 1024
"""A frame with its headers; a dead letter of one is a third larger (base64)."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its name, key and value, who writes and who reads it, and how long it keeps a record."""

    name: str
    key: str
    value: type[Event]
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    partitions: int
    kept_for: timedelta | None
    """None: compacted, the newest record of each key stays."""
    record_bytes_max: int = field(default=RECORD_BYTES_MAX)
    doors: tuple[str, ...] = ()
    """Producers that also bury what came to them from outside for this topic and was refused."""
    stamped_by_broker: bool = False
    """Whether a record's time is that of its arrival on the broker's clock, and not its sender's word."""

    @property
    def settings(self) -> dict[str, str]:
        """What the broker is told."""
        common = {"max.message.bytes": str(self.record_bytes_max)}
        if self.stamped_by_broker:
            common["message.timestamp.type"] = "LogAppendTime"
        if self.kept_for is None:
            return common | {"cleanup.policy": "compact"}
        kept_ms = int(self.kept_for.total_seconds() * 1000)
        # A segment is only deleted once it is closed, so short-lived topics roll theirs quickly.
        return common | {
            "cleanup.policy": "delete",
            "retention.ms": str(kept_ms),
            "segment.ms": str(min(kept_ms // 3, 6 * 3600 * 1000)),
        }

    @property
    def dead(self) -> "Topic":
        """Where its refused records go."""
        return Topic(
            name=self.name + DEAD_SUFFIX,
            key=self.key,
            value=DeadLetter,
            producers=self.doors + self.consumers,
            consumers=(),
            partitions=1,
            kept_for=timedelta(days=7) if self.name != "frames" else timedelta(minutes=15),
            record_bytes_max=2 * RECORD_BYTES_MAX,
        )


FRAMES = Topic("frames", "camera id", Frame, ("ingest",), ("recognizer",), 8, timedelta(minutes=15))
FRAME_OUTCOMES = Topic("frame-outcomes", "camera id", FrameOutcome, ("recognizer",), (), 4, timedelta(minutes=15))
PLATE_READS = Topic(
    "plate-reads",
    "match key of the plate",
    PlateRead,
    ("ingest", "recognizer"),
    ("matcher", "retention"),
    8,
    timedelta(hours=24),
    doors=("ingest",),
)
HOT_LIST = Topic("hot-list", "entry id", HotListEntry, ("gateway",), ("matcher",), 4, None)
HOT_LISTS = Topic("hot-lists", "agency id/list id", HotList, ("gateway",), ("matcher",), 2, None)
LIST_ALARMS = Topic("list-alarms", "agency id/list id", ListAlarm, ("matcher",), ("gateway",), 2, None)
SHARING = Topic("sharing", "agreement id", SharingAgreement, ("gateway",), ("matcher",), 2, None)
HITS = Topic("hits", "hit id", HitRaised, ("matcher",), ("gateway", "matcher", "retention"), 4, timedelta(days=7))
ACCESS = Topic("access", "agency id", AccessRecord, ("gateway", "retention"), ("audit",), 4, timedelta(days=7))
HOLDS = Topic("holds", "hold id", EvidenceHold, ("gateway",), ("retention",), 1, timedelta(days=7))
CAMERAS = Topic("cameras", "camera id", CameraRegistration, ("gateway",), ("ingest",), 2, None)
CAMERA_STATUS = Topic("camera-status", "camera id", CameraStatus, ("ingest",), ("gateway",), 2, None)
SELF_CHECKS = Topic("self-checks", "agency id", SelfCheckAsked, ("gateway",), ("ingest",), 1, timedelta(hours=1))
HEARTBEATS = Topic(
    "heartbeats", "process", Heartbeat, ("gateway",), (), 1, timedelta(minutes=15), stamped_by_broker=True
)

TOPICS = (
    FRAMES,
    FRAME_OUTCOMES,
    PLATE_READS,
    HOT_LIST,
    HOT_LISTS,
    LIST_ALARMS,
    SHARING,
    HITS,
    ACCESS,
    HOLDS,
    CAMERAS,
    CAMERA_STATUS,
    HEARTBEATS,
    SELF_CHECKS,
)


def every_topic() -> tuple[Topic, ...]:
    """All topics, and the dead-letter topic of each that somebody reads."""
    return TOPICS + tuple(topic.dead for topic in TOPICS if topic.consumers)

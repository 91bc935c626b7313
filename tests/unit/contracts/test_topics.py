"""What the broker is told of each topic."""

from datetime import timedelta

import pytest

from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.frames import FRAME_BYTES_MAX
from plateward.contracts.topics import (
    ACCESS,
    CAMERA_STATUS,
    FRAME_OUTCOMES,
    FRAMES,
    HITS,
    HOT_LIST,
    HOT_LISTS,
    LIST_ALARMS,
    PLATE_READS,
    SHARING,
    TOPICS,
    Topic,
    every_topic,
)

KEPT = {
    FRAMES: timedelta(minutes=15),
    FRAME_OUTCOMES: timedelta(minutes=15),
    PLATE_READS: timedelta(hours=24),
    HITS: timedelta(days=7),
    ACCESS: timedelta(days=7),
}


@pytest.mark.parametrize("topic", KEPT, ids=lambda topic: topic.name)
def test_what_is_not_kept_for_good_is_deleted_in_time(topic: Topic) -> None:
    settings, kept_ms = topic.settings, int(KEPT[topic].total_seconds() * 1000)
    assert settings["cleanup.policy"] == "delete"
    assert settings["retention.ms"] == str(kept_ms)
    assert int(settings["segment.ms"]) <= kept_ms / 3, "a record goes only with its closed segment"


@pytest.mark.parametrize(
    "topic", [HOT_LIST, HOT_LISTS, LIST_ALARMS, SHARING, CAMERA_STATUS], ids=lambda topic: topic.name
)
def test_what_is_a_state_is_compacted(topic: Topic) -> None:
    assert topic.settings["cleanup.policy"] == "compact"
    assert "retention.ms" not in topic.settings


def test_a_refused_frame_lives_no_longer_than_a_frame() -> None:
    assert FRAMES.dead.settings["retention.ms"] == FRAMES.settings["retention.ms"] == "900000"


def test_every_topic_that_somebody_reads_has_a_place_for_refused_records() -> None:
    dead = {topic.name: topic for topic in every_topic() if topic not in TOPICS}
    assert set(dead) == {f"{topic.name}.dead" for topic in TOPICS if topic.consumers}
    assert all(topic.value is DeadLetter and topic.kept_for is not None for topic in dead.values())
    assert dead["plate-reads.dead"].producers == ("ingest", *PLATE_READS.consumers), (
        "who refuses at the door buries too"
    )


def test_names_are_unique() -> None:
    names = [topic.name for topic in every_topic()]
    assert len(names) == len(set(names))


def test_the_largest_frame_fits_and_so_does_its_dead_letter() -> None:
    base64_bytes = FRAME_BYTES_MAX * 4 // 3
    assert int(FRAMES.settings["max.message.bytes"]) > FRAME_BYTES_MAX
    assert int(FRAMES.dead.settings["max.message.bytes"]) > base64_bytes

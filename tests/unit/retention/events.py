"""Reads and hits for tests: whole events, of which a test names what it is about."""

import uuid
from datetime import timedelta

import msgspec

from plateward.contracts.cameras import CameraPlace
from plateward.contracts.hits import Comparison, HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.reads import PlateRead, ReadImages
from plateward.kernel.clock import now


def a_read(**changes: object) -> PlateRead:
    """A read of its own, of this moment, that Flagstaff's policy lets live for 20 days."""
    captured_at = now()
    read = PlateRead(
        id=uuid.uuid4(),
        frame_id=uuid.uuid4(),
        camera_id="flagstaff-7",
        agency_id="flagstaff",
        place=CameraPlace(name="Route 66 at Fanning", latitude=35.2, longitude=-111.6, bearing_deg=90.0),
        captured_at=captured_at,
        plate="ABO123",
        confidence=0.91,
        candidates=(),
        character_confidences=(0.9,) * 6,
        expires_on=captured_at.date() + timedelta(days=20),
        images=ReadImages(plate="plate.jpg", scene="scene.jpg"),
        models={"lines": "m1"},
        state="AZ",
    )
    return msgspec.structs.replace(read, **changes)


def a_hit(read: PlateRead, **changes: object) -> HitRaised:
    """A hit of its own on this read."""
    at = now()
    entry = HotListEntry(
        id=uuid.uuid4(),
        list_id="stolen",
        agency_id="barstow",
        plate="AB0123",
        category="stolen-vehicle",
        priority="high",
        reason="stolen",
        case_number="26-1",
        entered_by="e",
        requested_by="r",
        contact="c",
        entered_at=at,
        starts_at=at,
        expires_at=at + timedelta(days=1),
        version=1,
    )
    hit = HitRaised(
        id=uuid.uuid4(),
        raised_at=at,
        read=read,
        entry=entry,
        comparison=Comparison(grade="confusable", characters=(), state="unknown"),
        agencies=("barstow", "flagstaff"),
    )
    return msgspec.structs.replace(hit, **changes)

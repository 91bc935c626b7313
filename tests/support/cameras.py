"""Cameras on file, for tests."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec

from plateward.contracts.camera_registrations import ByPerson, CameraKey, CameraRegistration
from plateward.contracts.cameras import CameraPlace

PLACE = CameraPlace(name="Route 66 at Main", latitude=35.2, longitude=-111.65, bearing_deg=90.0)
LONG_AGO = datetime(2026, 1, 1, 12, tzinfo=UTC)
BY = ByPerson(name="R. Yazzie", title="Police Chief", at=LONG_AGO, statement="The roadway.")


def a_key(key: str, valid_until: datetime | None = None) -> CameraKey:
    """The key as it is on file."""
    return CameraKey(sha256=hashlib.sha256(key.encode()).hexdigest(), valid_until=valid_until)


def a_camera(camera_id: str, key: str, **changes: Any) -> CameraRegistration:
    """A fixed camera of Flagstaff in service, except for the changes."""
    camera = CameraRegistration(
        camera_id=camera_id,
        agency_id="flagstaff",
        kind="fixed",
        place=PLACE,
        registered_at=LONG_AGO,
        placed_at=LONG_AGO,
        changed_at=LONG_AGO,
        version=1,
        keys=(a_key(key),),
        approval=BY,
        public_view=BY,
        in_service_since=LONG_AGO,
    )
    return msgspec.structs.replace(camera, **changes)

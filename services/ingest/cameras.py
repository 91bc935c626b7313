"""Cameras, their keys, and what opens the door to a frame."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plateward.contracts.cameras import CameraPlace, CameraState
from services.ingest.refusals import Refused

CAMERA_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
"""What a camera's id looks like; nothing else is looked up."""

_NO_KEY = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera, whose it is, where it stands and how it is."""

    id: str
    agency_id: str
    place: CameraPlace
    state: CameraState = "working"


@dataclass(frozen=True, slots=True)
class RegisteredCamera:
    """A camera on file, with the hash that its key is known by."""

    camera: Camera
    key_sha256: bytes
    registered_at: datetime


class Cameras(Protocol):
    """Where cameras are on file."""

    async def find(self, camera_id: str) -> RegisteredCamera | None:
        """The camera of this id, if there is one; raises Unavailable."""


def key_hash(key: str) -> bytes:
    """What a key is known by. Keys are random tokens of high entropy, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(key.encode()).digest()


async def camera_of_stream(cameras: Cameras, device: Camera, stream: str | None) -> Camera:
    """The camera that a device of several means: the one registered as `<device>:<stream>`, or else the device itself.

    Raises Unavailable.
    """
    camera_id = f"{device.id}:{stream}"
    found = await cameras.find(camera_id) if stream and CAMERA_ID.fullmatch(camera_id) else None
    return found.camera if found is not None and found.camera.agency_id == device.agency_id else device


async def identify(cameras: Cameras, camera_id: str, key: str | None) -> Camera:
    """The camera that this key belongs to; raises Refused (alike for a wrong key and no such camera) and Unavailable.

    The comparison is made, in constant time, for unknown cameras too: neither answer nor time says which there are.
    """
    found = await cameras.find(camera_id) if CAMERA_ID.fullmatch(camera_id) else None
    fits = hmac.compare_digest(key_hash(key or ""), found.key_sha256 if found else _NO_KEY)
    if found is None or not key or not fits:
        raise Refused("unauthorised", "Authorization", "must be `Bearer` and the key of this camera")
    return found.camera

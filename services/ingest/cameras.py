"""Cameras, their keys, and what opens the door to a frame."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plateward.contracts.camera_registrations import CameraRegistration
from plateward.contracts.cameras import CameraPlace
from plateward.policy.cameras import Bar, what_bars
from services.ingest.refusals import Refused

CAMERA_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
"""What a camera's id looks like; nothing else is looked up."""

KEYS_MAX = 2
"""The key in force, and the replaced one in its grace."""

_NO_KEY = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera, whose it is, where it stands, and what keeps it out of service, if anything."""

    id: str
    agency_id: str
    place: CameraPlace
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class RegisteredCamera:
    """A camera on file, with the hashes that its valid keys are known by: at most two."""

    camera: Camera
    keys_sha256: tuple[bytes, ...]


class Cameras(Protocol):
    """Where cameras are on file."""

    async def find(self, camera_id: str) -> RegisteredCamera | None:
        """The camera of this id, if there is one; raises Unavailable."""


def as_registered(registration: CameraRegistration, at: datetime) -> RegisteredCamera:
    """The camera as it is at this time: deployments end and replaced keys expire without a change on file."""
    camera = Camera(registration.camera_id, registration.agency_id, registration.place, bar=what_bars(registration, at))
    valid = [key for key in registration.keys if key.valid_until is None or at < key.valid_until]
    return RegisteredCamera(camera, tuple(bytes.fromhex(key.sha256) for key in valid[:KEYS_MAX]))


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

    As many comparisons are made, in constant time, for every camera, unknown ones too: neither answer nor time says
    which there are.
    """
    found = await cameras.find(camera_id) if CAMERA_ID.fullmatch(camera_id) else None
    keys = [*(found.keys_sha256 if found else ()), _NO_KEY, _NO_KEY][:KEYS_MAX]
    given = key_hash(key or "")
    fits = any([hmac.compare_digest(given, known) for known in keys])  # noqa: C419  (all are compared, always)
    if found is None or not key or not fits:
        raise Refused("unauthorised", "Authorization", "must be `Bearer` and the key of this camera")
    return found.camera


def require_in_service(camera: Camera) -> None:
    """Raises Refused, with the rule, for a camera whose frames may not be taken."""
    if camera.bar is not None:
        raise Refused(camera.bar.reason, "camera", camera.bar.rule)

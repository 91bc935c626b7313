"""How an edge reader shows its camera's key: as Bearer token, or by HTTP Basic, which most devices can."""

import base64
import binascii

from services.ingest.cameras import Camera, Cameras, identify
from services.ingest.refusals import Refused

RULE = "must be `Bearer` and the key of this camera, or `Basic` with the camera's id as user and its key as password"


async def identify_edge(cameras: Cameras, camera_id: str, authorisation: str | None) -> Camera:
    """The camera that the header `Authorization` speaks for; raises Refused and Unavailable."""
    try:
        return await identify(cameras, camera_id, _key(camera_id, authorisation or ""))
    except Refused as why:
        raise Refused(why.reason, why.field, RULE) from why


def _key(camera_id: str, authorisation: str) -> str | None:
    scheme, _, value = authorisation.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return password if user == camera_id else None

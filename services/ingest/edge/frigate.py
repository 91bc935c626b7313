"""Frigate's messages on MQTT under `<prefix>/tracked_object_update`, of the type "lpr".

A message goes out each time that Frigate has read a tracked vehicle's plate better; they are known again by the
object's `id` and the plate. The score runs from 0 to 1, the time is in seconds since 1970. No picture comes along.
"""

import msgspec

from services.ingest.edge.documents import Word, shaped
from services.ingest.edge.edge_read import EdgeRead, after_epoch, share

SOURCE = "edge:frigate"


class Kind(msgspec.Struct, frozen=True):
    """What every message says first."""

    type: Word


class PlateMessage(msgspec.Struct, frozen=True):
    """A tracked vehicle's plate."""

    id: Word
    camera: Word
    timestamp: float
    plate: Word
    score: float


def edge_reads(document: object) -> list[tuple[str, EdgeRead]]:
    """The read in a message, after the name that Frigate gives its camera; none in one of another type.

    Raises Refused.
    """
    if shaped(document, Kind).type != "lpr":
        return []
    message = shaped(document, PlateMessage)
    read = EdgeRead(
        field="plate",
        plate=message.plate,
        confidence=share(message.score, "score"),
        captured_at=after_epoch(message.timestamp * 1000.0, "timestamp"),
        names=(message.id,),
    )
    return [(message.camera, read)]

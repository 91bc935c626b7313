"""Accepted frames on the topic `frames`: the JPEG is the record's value, what is known of it its headers."""

from plateward.contracts.envelope import CONTENT_JPEG, event_headers
from plateward.contracts.event import encode
from plateward.contracts.frames import FRAME_HEADER, Frame
from plateward.contracts.topics import FRAMES
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from services.ingest.refusals import Unavailable


class FramesTopic:
    """Publishes frames, each acknowledged in time or refused."""

    def __init__(self, publisher: Publisher, *, acknowledge_seconds_max: float) -> None:
        self._publisher = publisher
        self._acknowledge_seconds_max = acknowledge_seconds_max

    async def publish(self, frame: Frame, jpeg: bytes) -> None:
        """Returns when the frame is durable; raises Unavailable when that cannot be had in time."""
        headers = event_headers(
            event_id=str(frame.id),
            event_type=frame.TYPE,
            source="plateward/ingest",
            time=frame.captured_at,
            content_type=CONTENT_JPEG,
        )
        try:
            await self._publisher.send(
                FRAMES.name,
                key=frame.camera_id.encode(),
                value=jpeg,
                headers=[*headers, (FRAME_HEADER, encode(frame))],
                within=self._acknowledge_seconds_max,
            )
        except NotAcknowledged as error:
            raise Unavailable("kafka") from error

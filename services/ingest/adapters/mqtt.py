"""Reads from Frigate, off an MQTT broker. What is refused is buried on `plate-reads.dead`: nobody waits for answers.

A message is acknowledged when its read, or its dead letter, is on Kafka, and not before. With a name of its own
(`client_id`) a process that dies is given again what it had not acknowledged; a read that it had told keeps its id.
"""

import asyncio
import base64
import ssl
from collections.abc import Mapping
from typing import Any

import aiomqtt
import structlog

from plateward.contracts.dead_letters import DeadLetter
from plateward.contracts.event import derive_id, encode
from plateward.contracts.topics import PLATE_READS
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import NotAcknowledged, Publisher
from services.ingest.adapters.pace import BackOff
from services.ingest.cameras import Camera, Cameras
from services.ingest.edge import frigate
from services.ingest.edge.documents import json_document
from services.ingest.edge_acceptance import EdgeAcceptance
from services.ingest.metrics import EDGE_REFUSED
from services.ingest.refusals import Refused, Unavailable
from services.ingest.settings import MqttSettings

log = structlog.get_logger("services.ingest.mqtt")

MESSAGE_BYTES_MAX = 64 * 1024
"""Of a message: it has no picture in it."""

QUEUED_MAX = 1_000
"""Messages that wait here while Kafka is away. A broker sends far fewer before the first is acknowledged; of one that
goes on regardless, further ones are lost until the next connection, and the log says so."""

RETRY_SECONDS = 1.0
"""After this a message that could not be taken just now is taken up again."""


class AcknowledgingClient(aiomqtt.Client):
    """A client that acknowledges a message when it is told to; aiomqtt by itself knows only receipt."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take what `aiomqtt.Client` takes."""
        super().__init__(*arguments, **options)
        self._client.manual_ack_set(True)

    def acknowledge(self, message: aiomqtt.Message) -> None:
        """Say to the broker that a message is in safe hands; after the connection is lost it will be sent again."""
        self._client.ack(message.mid, message.qos)


class FrigateSubscriber:
    """Listens to one broker. A broker that is away is tried again, and stops nothing else."""

    def __init__(
        self,
        settings: MqttSettings,
        *,
        cameras: Cameras,
        acceptance: EdgeAcceptance,
        publisher: Publisher,
    ) -> None:
        self._settings, self._cameras, self._acceptance = settings, cameras, acceptance
        self._publisher = publisher
        self._names: Mapping[str, str] = settings.cameras

    async def run(self, stopping: asyncio.Event) -> None:
        """Takes messages until told to stop."""
        listening = asyncio.create_task(self._listen())
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({listening, stop}, return_when=asyncio.FIRST_COMPLETED)
        for task in (listening, stop):
            task.cancel()
        await asyncio.gather(listening, stop, return_exceptions=True)
        if not stopping.is_set():
            listening.result()

    async def _listen(self) -> None:
        back_off = BackOff()
        while True:
            try:
                async with self._client() as client:
                    await client.subscribe(f"{self._settings.topic_prefix}/tracked_object_update", qos=1)
                    log.info("mqtt.listening")
                    back_off.reset()
                    async for message in client.messages:
                        await self._take(str(message.topic), bytes(message.payload))
                        client.acknowledge(message)
            except (aiomqtt.MqttError, OSError) as failure:
                seconds = back_off.after_failure()
                log.warning("mqtt.lost", why=type(failure).__name__, pause_seconds=seconds)
                await asyncio.sleep(seconds)

    def _client(self) -> AcknowledgingClient:
        settings = self._settings
        return AcknowledgingClient(
            settings.host or "",
            settings.port,
            username=settings.username,
            password=settings.password.get_secret_value() if settings.password else None,
            # Without a name of its own each process hears every message: what two of them take is one read.
            identifier=settings.client_id,
            clean_session=settings.client_id is None,
            max_queued_incoming_messages=QUEUED_MAX,
            tls_context=ssl.create_default_context(cafile=settings.ca_file) if settings.tls else None,
        )

    async def _take(self, topic: str, payload: bytes) -> None:
        """Takes one message, or buries it; while neither can be done it waits."""
        while True:
            try:
                await self._accept(payload)
            except Refused as why:
                EDGE_REFUSED.labels(why.reason).inc()
                if await self._buried(topic, payload, str(why)):
                    return
            except Unavailable as why:
                EDGE_REFUSED.labels(why.reason).inc()
            else:
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def _accept(self, payload: bytes) -> None:
        if len(payload) > MESSAGE_BYTES_MAX:
            raise Refused("too-large", "message", f"must have at most {MESSAGE_BYTES_MAX} bytes")
        for name, read in frigate.edge_reads(json_document(payload)):
            await self._acceptance.accept(await self._camera(name), frigate.SOURCE, [read])

    async def _camera(self, name: str) -> Camera:
        camera_id = self._names.get(name)
        found = await self._cameras.find(camera_id) if camera_id is not None else None
        if found is None:
            raise Refused("payload", "camera", "must be one that PLATEWARD_MQTT_CAMERAS names, and registered")
        return found.camera

    async def _buried(self, topic: str, payload: bytes, reason: str) -> bool:
        """Whether the message is on the dead-letter topic."""
        letter = DeadLetter(
            topic=topic,
            partition=0,
            offset=0,
            reason=reason,
            refused_by="ingest",
            at=now(),
            key=None,
            value=base64.b64encode(payload[: 2 * MESSAGE_BYTES_MAX]).decode(),
            headers={},
        )
        letter_id = derive_id("dead", "ingest", topic, letter.value)
        headers = self._publisher.headers(letter, event_id=letter_id, time=letter.at)
        try:
            await self._publisher.send(PLATE_READS.dead.name, key=None, value=encode(letter), headers=headers)
        except NotAcknowledged:
            return False
        log.warning("mqtt.refused", topic=topic)
        return True

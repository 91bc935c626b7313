"""The ports of edge readers' doors in memory, and an application that stands on them."""

import uuid
from datetime import datetime

import httpx
from fastapi import FastAPI

from plateward.contracts.reads import PlateRead
from plateward.kernel.problems import answer_problems
from plateward.policy.catalogue import load_catalogue
from services.ingest.adapters.images import DecodingThreads
from services.ingest.adapters.webhooks import Doors, edge_routes
from services.ingest.cameras import Camera
from services.ingest.edge.mapping import read_mappings
from services.ingest.edge_acceptance import EdgeAcceptance
from services.ingest.passing import Marks, Passing
from services.ingest.refusals import Unavailable
from services.ingest.room import Room
from tests.support.edge import AT, MAPPINGS
from tests.unit.ingest.doors import CAMERA, KEY, LIMITS, CamerasInMemory, HeardInMemory

AUTHORISED = {"Authorization": f"Bearer {KEY}"}
CATALOGUE = load_catalogue()


class PassingsInMemory:
    """What the table does, for one process."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, uuid.UUID], Passing] = {}

    async def of(self, camera_id: str, marks: Marks, fresh: Passing) -> Passing:
        known = (self._left.get((camera_id, mark)) for mark in (*marks.own, *marks.near))
        passing = next((one for one in known if one is not None), fresh)
        for mark in marks.own:
            self._left.setdefault((camera_id, mark), passing)
        return passing


class ReadsInMemory:
    """What was published; nothing while `unavailable`."""

    def __init__(self) -> None:
        self.published: list[PlateRead] = []
        self.unavailable = False

    async def publish(self, read: PlateRead) -> None:
        if self.unavailable:
            raise Unavailable("kafka")
        self.published.append(read)


class PicturesInMemory:
    """Pictures by key."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def put(self, key: str, data: bytes) -> None:
        self.kept[key] = data


class EdgeIngest:
    """The doors, a client of them, and what has come through."""

    def __init__(self, images: DecodingThreads, camera: Camera = CAMERA, at: datetime = AT) -> None:
        self.reads, self.pictures, self.heard = ReadsInMemory(), PicturesInMemory(), HeardInMemory()
        self.room = Room(LIMITS.frames_in_flight_max)
        self.acceptance = EdgeAcceptance(
            images=images,
            pictures=self.pictures,
            passings=PassingsInMemory(),
            reads=self.reads,
            listener=self.heard,
            policies=CATALOGUE,
            pixels_max=LIMITS.pixels_max,
            clock=lambda: at,
        )
        app = FastAPI()
        answer_problems(app)
        self.cameras = CamerasInMemory(camera)
        doors = Doors(self.cameras, self.acceptance, self.room, LIMITS)
        app.include_router(edge_routes(doors, read_mappings(MAPPINGS)))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest")

    async def post(self, door: str, body: bytes, camera: str = CAMERA.id, **headers: str) -> httpx.Response:
        named = AUTHORISED | {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(f"/v1/cameras/{camera}/edge/{door}", content=body, headers=named)

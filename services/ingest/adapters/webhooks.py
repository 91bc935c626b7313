"""The doors for edge readers that post their own reads: `POST /v1/cameras/{camera}/edge/…`."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field

from plateward.kernel.problems import Problem
from services.ingest.acceptance import Limits
from services.ingest.adapters.credentials import identify_edge
from services.ingest.adapters.http import ANSWERS, RETRY_AFTER_SECONDS, chunks_of, require_length
from services.ingest.adapters.multipart import is_multipart, parts_of
from services.ingest.adapters.openapi import EDGE_REFUSALS, document_body
from services.ingest.body import read_body
from services.ingest.cameras import Cameras, camera_of_stream
from services.ingest.edge import mapped, openalpr, plate_recognizer
from services.ingest.edge.documents import json_document
from services.ingest.edge.edge_read import EdgeRead, Picture
from services.ingest.edge.mapping import Mappings
from services.ingest.edge_acceptance import EdgeAcceptance
from services.ingest.metrics import EDGE_REFUSED
from services.ingest.refusals import Refused, Unavailable
from services.ingest.room import Room

Decoder = Callable[[str, bytes], list[EdgeRead]]
"""From a body and its Content-Type to the reads in it; raises Refused."""

CameraId = Annotated[str, Path(description="The camera's id.")]


class AcceptedReads(BaseModel):
    """Reads that are durable."""

    reads: list[uuid.UUID] = Field(description="Their ids: the same each time that the same passing is reported.")


def of_openalpr(_: str, body: bytes) -> list[EdgeRead]:
    """The reads in a report of the OpenALPR agent; raises Refused."""
    return openalpr.edge_reads(json_document(body))


def of_openalpr_groups(_: str, body: bytes) -> list[EdgeRead]:
    """The read in a group of the OpenALPR agent; raises Refused."""
    return openalpr.edge_reads(json_document(body), groups_alone=True)


def of_plate_recognizer(content_type: str, body: bytes) -> list[EdgeRead]:
    """The reads in a webhook of Plate Recognizer Stream, with its picture or without; raises Refused."""
    if not is_multipart(content_type):
        return plate_recognizer.edge_reads(json_document(body))
    parts = parts_of(content_type, body)
    if plate_recognizer.JSON_PART not in parts:
        raise Refused("payload", plate_recognizer.JSON_PART, "must be there")
    picture = parts.get(plate_recognizer.PICTURE_PART)
    return plate_recognizer.edge_reads(
        json_document(parts[plate_recognizer.JSON_PART]),
        Picture(plate_recognizer.PICTURE_PART, picture) if picture else None,
    )


class Doors:
    """What the doors have in common."""

    def __init__(self, cameras: Cameras, acceptance: EdgeAcceptance, room: Room, limits: Limits) -> None:
        self._cameras, self._acceptance, self._room, self._limits = cameras, acceptance, room, limits

    async def take(self, request: Request, camera: str, source: str, decode: Decoder) -> AcceptedReads:
        """Takes a report; raises Problem where it does not."""
        try:
            known = await identify_edge(self._cameras, camera, request.headers.get("authorization"))
            require_length(request, self._limits.frame_bytes_max)
            with self._room.place():
                body = await read_body(
                    chunks_of(request),
                    bytes_max=self._limits.frame_bytes_max,
                    seconds_max=self._limits.upload_seconds_max,
                )
                # In a thread: a report with its pictures can be large, and other cameras wait on the event loop.
                found = await asyncio.to_thread(decode, request.headers.get("content-type", ""), body)
                seen_by = await camera_of_stream(self._cameras, known, found[0].stream if found else None)
                reads = await self._acceptance.accept(seen_by, source, found)
        except (Refused, Unavailable) as why:
            EDGE_REFUSED.labels(why.reason).inc()
            raise _problem(why) from why
        return AcceptedReads(reads=[read.id for read in reads])


def edge_routes(doors: Doors, mappings: Mappings) -> APIRouter:
    """The interface for edge readers. They are answered with 200, the one status that all of them take for success."""
    router = APIRouter(prefix="/v1/cameras/{camera}/edge", tags=["edge readers"], responses=EDGE_REFUSALS)

    @router.post("/openalpr", summary="Send a report of the OpenALPR agent", openapi_extra=document_body("JSON"))
    async def take_openalpr(request: Request, camera: CameraId) -> AcceptedReads:
        """Takes `alpr_results` and `alpr_group`; other reports of the agent are answered and left alone."""
        return await doors.take(request, camera, openalpr.SOURCE, of_openalpr)

    @router.post(
        "/openalpr/groups",
        summary="Send a report of the OpenALPR agent, of which groups alone are taken",
        openapi_extra=document_body("JSON"),
    )
    async def take_openalpr_groups(request: Request, camera: CameraId) -> AcceptedReads:
        """Takes `alpr_group`, in which the vehicle is described; other reports are answered and left alone."""
        return await doors.take(request, camera, openalpr.SOURCE, of_openalpr_groups)

    @router.post(
        "/plate-recognizer",
        summary="Send a webhook of Plate Recognizer Stream",
        openapi_extra=document_body("JSON", "multipart"),
    )
    async def take_plate_recognizer(request: Request, camera: CameraId) -> AcceptedReads:
        """Takes the JSON alone, or as the part `json` beside the picture in the part `upload`."""
        return await doors.take(request, camera, plate_recognizer.SOURCE, of_plate_recognizer)

    @router.post(
        "/mapped/{mapping}",
        summary="Send a report of another device",
        openapi_extra=document_body("JSON", "CSV"),
    )
    async def take_mapped(
        request: Request, camera: CameraId, mapping: Annotated[str, Path(description="The mapping file's name.")]
    ) -> AcceptedReads:
        """Takes CSV or JSON in which a mapping file says where the parts of a read are."""

        def decode(_: str, body: bytes) -> list[EdgeRead]:
            if mapping not in mappings:
                raise Refused("no-mapping", "mapping", "must be the name of a mapping file of this installation")
            return mapped.edge_reads(mappings[mapping], body)

        return await doors.take(request, camera, mapped.SOURCE, decode)

    return router


def _problem(why: Refused | Unavailable) -> Problem:
    if isinstance(why, Unavailable):
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return Problem(503, "No report can be taken just now", "Sent again, its reads stay the same.", headers=headers)
    status, title = ANSWERS[why.reason]
    headers = {}
    if why.reason == "unauthorised":
        headers["WWW-Authenticate"] = 'Bearer, Basic realm="plateward"'
    if why.reason == "too-slow":
        headers["Connection"] = "close"
    return Problem(status, title, errors=[{"field": why.field, "rule": why.rule}], headers=headers or None)

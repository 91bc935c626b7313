"""Exports over the API: made of a search of one's own, downloaded until they expire."""

import uuid
from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.gateway.adapters.api.asked import Asked
from services.gateway.adapters.callers import Address, Caller, TheGateway
from services.gateway.searching.export_files import MEDIA_TYPES, ExportFormat
from services.gateway.searching.exports import Export

routes = APIRouter(prefix="/v1", tags=["exports"])


class ExportAsked(Asked):
    """Which kind of file."""

    format: ExportFormat


class ExportMade(BaseModel):
    """A file that was made, and until when it can be downloaded."""

    id: uuid.UUID
    access_id: uuid.UUID
    name: str
    reads: int
    expires_at: datetime


@routes.post("/searches/{search_id}/exports", status_code=201, summary="Export a search of one's own")
async def make(
    search_id: uuid.UUID, asked: ExportAsked, session: Caller, gateway: TheGateway, address: Address
) -> ExportMade:
    """A file of the newest thousand reads that answer; every line and picture says who took it, and when."""
    export = await gateway.exports.make(session, search_id, asked.format, address)
    return ExportMade.model_validate(export, from_attributes=True)


@routes.get(
    "/exports/{export_id}",
    summary="Download an export of one's own",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}},
)
async def download(export_id: uuid.UUID, session: Caller, gateway: TheGateway, address: Address) -> Response:
    """The file, until it expires."""
    return as_download(await gateway.exports.download(session, export_id, address))


def as_download(export: Export) -> Response:
    """The file, to be saved and not shown."""
    headers = {"Content-Disposition": f'attachment; filename="{export.name}"'}
    return Response(export.content, media_type=export.media_type, headers=headers)

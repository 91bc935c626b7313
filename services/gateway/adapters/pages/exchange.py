"""Agreements with agencies of other regions on the pages: the document to pass on, and taking what was passed on."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import UploadFile

from plateward.kernel.signatures import SignedStatement
from plateward.policy.reasons import Missing
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.adapters.pages.sharing import agreements_page
from services.gateway.gateway import Gateway
from services.gateway.people import require
from services.gateway.sharing.admissible import InvalidMou


def exchange_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds what is exchanged with other regions."""

    @router.get("/sharing/{mou_id}/document")
    async def document(
        request: Request, mou_id: str, version: Annotated[int | None, Query(ge=1, lt=2**31)] = None
    ) -> Response:
        session = await frame.session(request)
        try:
            signed = await gateway.exchange.document(session, mou_id, version, address_of(request))
        except InvalidMou as invalid:
            return await agreements_page(gateway, frame, request, session, refused(invalid), mou_id)
        name = f"agreement-{mou_id}.json"
        return Response(
            msgspec.json.format(msgspec.json.encode(signed)),
            media_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @router.post("/sharing/documents")
    async def receive(request: Request) -> Response:
        session = await frame.session(request)
        require(session, "keep-agreements")
        try:
            async with request.form(max_files=1, max_fields=2) as form:
                file = form.get("document")
                received = _document(await file.read() if isinstance(file, UploadFile) else b"")
            mou = await gateway.exchange.receive(session, received, address_of(request))
        except InvalidMou as invalid:
            return await agreements_page(gateway, frame, request, session, refused(invalid))
        return see_other(f"/sharing#{mou.name}")


def refused(invalid: InvalidMou) -> Filled:
    """The form with what was refused beside its field."""
    filled = Filled({})
    filled.lacks(invalid.missing)
    return filled


def _document(content: bytes) -> SignedStatement:
    try:
        return msgspec.json.decode(content, type=SignedStatement)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidMou(Missing("document", "is no agreement as one side passes it on to the other")) from error

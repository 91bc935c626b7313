"""The page of the lists that come from elsewhere: how each stands, what its last file was, and what waits."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.datastructures import UploadFile

from plateward.kernel import clock
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.list_sources.files import FileTooLarge, pieces_of, spooled
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.gateway import Gateway
from services.gateway.list_sources.kept import InvalidRefresh
from services.gateway.list_sources.sources import By
from services.gateway.people import Session

NO_FILE = "choose a file first"


def list_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of lists."""

    async def listed(request: Request, session: Session, of: str = "", problem: str = "") -> Response:
        lists = await gateway.source_lists.shown(session, address_of(request))
        content = {
            "lists": lists,
            "kept_from": gateway.source_lists.kept_from(session),
            "may_designate": "designate-lists" in session.rights,
            "fetched": {list_id for agency, list_id in gateway.list_pulls if agency == session.person.agency_id},
            "problem": problem,
            "problem_of": of,
        }
        return frame.page(request, "lists.html", session, status=422 if problem else 200, **content)

    @router.get("/lists")
    async def lists(request: Request) -> Response:
        return await listed(request, await frame.session(request))

    @router.post("/lists/{list_id}/file")
    async def bring(request: Request, list_id: str) -> Response:
        session = await frame.session(request)
        gateway.source_lists.may_bring(session, list_id)
        async with request.form(max_files=1, max_fields=4) as form:
            file, case_number = form.get("file"), form.get("case_number", "")
            if not isinstance(file, UploadFile) or not file.size or not isinstance(case_number, str):
                return await listed(request, session, list_id, NO_FILE)
            most = request.app.state.list_bytes_max
            came = spooled(
                pieces_of(file.file), as_of=clock.now(), way="upload", bytes_max=most, case_number=case_number
            )
            try:
                async with came as arrived:
                    await gateway.source_lists.bring(session, list_id, arrived, address_of(request))
            except (InvalidRefresh, FileTooLarge) as refusal:
                return await listed(request, session, list_id, str(refusal))
        return see_other(f"/lists#list-{list_id}")

    @router.post("/lists/{list_id}/pull")
    async def pull(request: Request, list_id: str) -> Response:
        session = await frame.session(request)
        gateway.source_lists.may_bring(session, list_id)
        source = gateway.list_pulls.get((session.person.agency_id, list_id))
        if source is not None:
            await source.fetch(By(session, address_of(request)))
        return see_other(f"/lists#list-{list_id}")

    @router.post("/lists/refreshes/{refresh_id}")
    async def decide(
        request: Request,
        refresh_id: uuid.UUID,
        decision: Annotated[str, Form()],
        statement: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        session = await frame.session(request)
        agreed, address = decision == "agree", address_of(request)
        try:
            refresh = await gateway.source_lists.decide(
                session, refresh_id, agreed=agreed, statement=statement, address=address
            )
        except InvalidRefresh as refusal:
            return await listed(request, session, str(refresh_id), str(refusal))
        return see_other(f"/lists#list-{refresh.list_id}")

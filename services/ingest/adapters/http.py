"""The door for cameras that send their frames themselves: `POST /v1/cameras/{camera}/frames`."""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect

from plateward.kernel.clock import now
from plateward.kernel.problems import Problem
from services.ingest.acceptance import Acceptance
from services.ingest.adapters.openapi import FRAME_BODY, REFUSALS
from services.ingest.cameras import Cameras, identify
from services.ingest.metrics import FRAMES_REFUSED
from services.ingest.refusals import RefusalReason, Refused, Unavailable

RETRY_AFTER_SECONDS = 2
"""When to send a frame again that could not be taken just now."""

ANSWERS: dict[RefusalReason, tuple[int, str]] = {
    "unauthorised": (401, "The camera's key is needed"),
    "out-of-service": (409, "The camera is out of service"),
    "unapproved": (409, "The camera is not approved"),
    "undeclared": (409, "What the camera views is not declared"),
    "deployment-ended": (409, "The camera's deployment has ended"),
    "no-length": (411, "The length is needed"),
    "broken-off": (400, "The upload broke off"),
    "too-slow": (408, "The upload took too long"),
    "too-large": (413, "The picture is too large"),
    "too-many-pixels": (413, "The picture is too large"),
    "not-an-image": (415, "The body is no picture that is taken"),
    "undecodable": (422, "The picture does not decode"),
    "captured-at": (422, "The time of capture can't be right"),
    "not-json": (400, "The body is no JSON document"),
    "payload": (422, "The report does not keep to its form"),
    "not-a-plate": (422, "The plate is none"),
    "no-policy": (409, "No policy holds for the camera's reads"),
    "no-mapping": (404, "There is no such mapping"),
}
"""The status and the title of each refusal, at this door and at those of edge readers."""

_HEADERS: dict[RefusalReason, dict[str, str]] = {
    "unauthorised": {"WWW-Authenticate": "Bearer"},
    # Else the server would go on receiving what has taken too long already.
    "too-slow": {"Connection": "close"},
}

_key = HTTPBearer(auto_error=False, scheme_name="camera key", description="The key that the camera was given.")


class AcceptedFrame(BaseModel):
    """A frame that is durable."""

    frame_id: uuid.UUID = Field(description="The frame's id: the same for the same picture, camera and time.")
    captured_at: datetime = Field(description="When it was taken, in UTC.")


def frame_routes(cameras: Cameras, acceptance: Acceptance, *, frame_bytes_max: int) -> APIRouter:
    """The interface for cameras."""
    router = APIRouter(prefix="/v1", tags=["frames"])

    @router.post(
        "/cameras/{camera}/frames",
        status_code=202,
        summary="Send a frame",
        response_description="The frame is durable, and will be read.",
        responses=REFUSALS,
        openapi_extra=FRAME_BODY,
    )
    async def send_frame(
        request: Request,
        camera: Annotated[str, Path(description="The camera's id.")],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_key)],
        captured_at: Annotated[
            str | None,
            Header(
                alias="Captured-At",
                description="When the frame was taken: RFC 3339 with an offset, at most 60 seconds in the future and "
                "24 hours ago. Without it, the time of receipt. A frame sent again under the same time is the same "
                "frame, so name it if you send again what got no answer; 503 says which to send again under.",
            ),
        ] = None,
    ) -> AcceptedFrame:
        """Takes one JPEG or PNG. It is known by its first bytes, not by its Content-Type."""
        taken_at = captured_at if captured_at is not None else now().isoformat()
        try:
            known = await identify(cameras, camera, credentials.credentials if credentials else None)
            require_length(request, frame_bytes_max)
            frame = await acceptance.accept(known, chunks_of(request), taken_at)
        except (Refused, Unavailable) as why:
            FRAMES_REFUSED.labels(why.reason).inc()
            raise _problem(why, taken_at) from why
        return AcceptedFrame(frame_id=frame.id, captured_at=frame.captured_at)

    return router


def require_length(request: Request, frame_bytes_max: int) -> None:
    """Refuses by the length that is announced, before anything is read; raises Refused."""
    announced = request.headers.get("content-length")
    if announced is None and "transfer-encoding" not in request.headers:
        raise Refused("no-length", "Content-Length", "must be there, unless the body is chunked")
    if announced is not None and int(announced) > frame_bytes_max:
        raise Refused("too-large", "body", f"must have at most {frame_bytes_max} bytes")


async def chunks_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it arrives; raises Refused when the client leaves."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as error:
        raise Refused("broken-off", "body", "must be sent whole") from error


def _problem(why: Refused | Unavailable, taken_at: str) -> Problem:
    if isinstance(why, Unavailable):
        # Kafka may yet take what it has not acknowledged in time; sent again under this time, it is the same frame.
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Captured-At": taken_at}
        return Problem(503, "No frame can be taken just now", "Send it again under this Captured-At.", headers=headers)
    status, title = ANSWERS[why.reason]
    errors = [{"field": why.field, "rule": why.rule}]
    return Problem(status, title, errors=errors, headers=_HEADERS.get(why.reason))

"""What the interface's description says of a frame's bytes and of the answers that refuse it."""

from typing import Any

from plateward.kernel.openapi import whole_problem_answer

_BYTES = {"schema": {"type": "string", "format": "binary"}}

FRAME_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "The picture itself.",
        "required": True,
        "content": {"image/jpeg": _BYTES, "image/png": _BYTES},
    }
}

_TO_SEND_AGAIN = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "Captured-At": {
        "description": "The time of capture to send it again under, so that it stays one frame.",
        "schema": {"type": "string", "format": "date-time"},
    },
}

_MEDIA = {"JSON": "application/json", "CSV": "text/csv", "multipart": "multipart/form-data"}


def document_body(*kinds: str) -> dict[str, Any]:
    """A body that the door decodes itself, of these kinds."""
    content: dict[str, Any] = {_MEDIA[kind]: {"schema": {}} for kind in kinds}
    return {"requestBody": {"description": "The device's own report.", "required": True, "content": content}}


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: whole_problem_answer("The upload broke off."),
    401: whole_problem_answer("The key is missing, or is not the key of this camera; or there is no such camera."),
    408: whole_problem_answer("The upload took too long."),
    409: whole_problem_answer(
        "The camera is out of service, or not approved or declared, or its deployment has ended."
    ),
    411: whole_problem_answer("The request names no Content-Length and is not chunked."),
    413: whole_problem_answer("The picture has too many bytes or pixels."),
    415: whole_problem_answer("The body is neither a JPEG nor a PNG."),
    422: whole_problem_answer("The picture does not decode wholly, or Captured-At does not keep to its rules."),
    503: whole_problem_answer("No frame can be taken just now; send it again in a while.", headers=_TO_SEND_AGAIN),
}

EDGE_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: whole_problem_answer("The upload broke off, or is no JSON document."),
    401: whole_problem_answer("The key is missing, or is not the key of this camera; or there is no such camera."),
    404: whole_problem_answer("There is no such mapping."),
    408: whole_problem_answer("The upload took too long."),
    409: whole_problem_answer("The camera is out of service, or no policy holds for it."),
    411: whole_problem_answer("The request names no Content-Length and is not chunked."),
    413: whole_problem_answer("The report has too many bytes, or a picture too many pixels."),
    415: whole_problem_answer("A picture is neither a JPEG nor a PNG."),
    422: whole_problem_answer("The report does not keep to its form: the field and the rule are named."),
    503: whole_problem_answer("No report can be taken just now; send it again in a while."),
}

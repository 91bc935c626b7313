"""What the interface's description says of a frame's bytes and of the answers that refuse it."""

from typing import Any

from plateward.kernel.problems import PROBLEM_JSON

_BYTES = {"schema": {"type": "string", "format": "binary"}}

FRAME_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "The picture itself.",
        "required": True,
        "content": {"image/jpeg": _BYTES, "image/png": _BYTES},
    }
}

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "rule"],
                "properties": {"field": {"type": "string"}, "rule": {"type": "string"}},
            },
        },
    },
}

_TO_SEND_AGAIN = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "Captured-At": {
        "description": "The time of capture to send it again under, so that it stays one frame.",
        "schema": {"type": "string", "format": "date-time"},
    },
}


def _problem(description: str, **more: object) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_JSON: {"schema": _PROBLEM}}, **more}


_MEDIA = {"JSON": "application/json", "CSV": "text/csv", "multipart": "multipart/form-data"}


def document_body(*kinds: str) -> dict[str, Any]:
    """A body that the door decodes itself, of these kinds."""
    content: dict[str, Any] = {_MEDIA[kind]: {"schema": {}} for kind in kinds}
    return {"requestBody": {"description": "The device's own report.", "required": True, "content": content}}


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: _problem("The upload broke off."),
    401: _problem("The key is missing, or is not the key of this camera; or there is no such camera."),
    408: _problem("The upload took too long."),
    409: _problem("The camera is out of service, or not approved or declared, or its deployment has ended."),
    411: _problem("The request names no Content-Length and is not chunked."),
    413: _problem("The picture has too many bytes or pixels."),
    415: _problem("The body is neither a JPEG nor a PNG."),
    422: _problem("The picture does not decode wholly, or Captured-At does not keep to its rules."),
    503: _problem("No frame can be taken just now; send it again in a while.", headers=_TO_SEND_AGAIN),
}

EDGE_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: _problem("The upload broke off, or is no JSON document."),
    401: _problem("The key is missing, or is not the key of this camera; or there is no such camera."),
    404: _problem("There is no such mapping."),
    408: _problem("The upload took too long."),
    409: _problem("The camera is out of service, or no policy holds for it."),
    411: _problem("The request names no Content-Length and is not chunked."),
    413: _problem("The report has too many bytes, or a picture too many pixels."),
    415: _problem("A picture is neither a JPEG nor a PNG."),
    422: _problem("The report does not keep to its form: the field and the rule are named."),
    503: _problem("No report can be taken just now; send it again in a while."),
}

"""From bytes to a typed document, or a refusal that names the field and the rule; the values stay out of it."""

import base64
import binascii
import re
from typing import Annotated, Any, TypeVar

import msgspec

from services.ingest.edge.edge_read import Picture
from services.ingest.refusals import Refused

Word = Annotated[str, msgspec.Meta(max_length=200)]
"""A word of a device: a plate, a name, an id."""

Base64 = str
"""A picture within a document."""

T = TypeVar("T")

_PLACE = re.compile(r"^(?P<rule>.*?)(?: - at `\$?\.?(?P<field>[^`]*)`)?$", re.DOTALL)

_DATA_URL = re.compile(r"data:image/[a-z]+;base64,")


def json_document(data: bytes) -> Any:
    """The document in these bytes; raises Refused when they are not JSON, or nested too deeply to be meant."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("not-json", "body", "must be one whole JSON document") from error
    except RecursionError as error:
        raise Refused("not-json", "body", "must not be nested that deeply") from error


def shaped(document: object, kind: type[T]) -> T:
    """The document as this type; raises Refused with the field that does not fit."""
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        found = _PLACE.match(str(error))
        assert found is not None  # the pattern takes any text
        raise Refused("payload", found["field"] or "body", found["rule"]) from error


def picture_in(text: str | None, field: str) -> Picture | None:
    """The picture that a document holds as Base64; None when it holds none; raises Refused."""
    if not text:
        return None
    if prefix := _DATA_URL.match(text):
        text = text[prefix.end() :]
    try:
        return Picture(field, base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError) as error:
        raise Refused("not-an-image", field, "must be a JPEG or a PNG in Base64") from error

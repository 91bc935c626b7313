"""What travels beside an event: CloudEvents 1.0 attributes in Kafka's binary mode, and the W3C trace context."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from plateward.contracts.event import ContractError

Headers = list[tuple[str, bytes]]

ReceivedHeaders = Iterable[tuple[str, bytes | None]]
"""Kafka lets a header be null."""

CONTENT_JSON = "application/json"
CONTENT_JPEG = "image/jpeg"


def event_headers(
    *,
    event_id: str,
    event_type: str,
    source: str,
    time: datetime,
    traceparent: str | None = None,
    content_type: str = CONTENT_JSON,
) -> Headers:
    """The headers of one event (CloudEvents Kafka binding 1.0.2 §3.2). `time` is when it happened, in UTC."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_type", event_type.encode()),
        ("ce_source", source.encode()),
        ("ce_time", time.isoformat().encode()),
        ("content-type", content_type.encode()),
        ("traceparent", (traceparent or new_traceparent()).encode()),
    ]


def new_traceparent() -> str:
    """A fresh W3C trace context (Trace Context §3.2): the start of a trace."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def header(headers: ReceivedHeaders, name: str) -> str:
    """The value of one header; raises ContractError when it is missing, null or no text."""
    for key, value in headers:
        if key == name and value is not None:
            try:
                return value.decode()
            except UnicodeDecodeError as error:
                raise ContractError(f"header {name}: is not UTF-8") from error
    raise ContractError(f"header {name}: is missing")


def traceparent_of(headers: ReceivedHeaders) -> str | None:
    """The trace that a record belongs to, if it says."""
    value = dict(headers).get("traceparent")
    return value.decode("ascii", "replace") if value else None

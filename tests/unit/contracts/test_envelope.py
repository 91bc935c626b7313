"""What travels beside an event."""

import re
from datetime import UTC, datetime

import pytest

from plateward.contracts.envelope import event_headers, header, new_traceparent, traceparent_of
from plateward.contracts.event import ContractError

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
AT = datetime(2026, 3, 1, 9, 12, 7, tzinfo=UTC)


def headers_with(traceparent: str | None) -> dict[str, bytes]:
    return dict(event_headers(event_id="e1", event_type="t", source="plateward/s", time=AT, traceparent=traceparent))


def test_an_event_carries_its_cloudevents_attributes_and_its_trace() -> None:
    assert headers_with(TRACE) == {
        "ce_specversion": b"1.0",
        "ce_id": b"e1",
        "ce_type": b"t",
        "ce_source": b"plateward/s",
        "ce_time": b"2026-03-01T09:12:07+00:00",
        "content-type": b"application/json",
        "traceparent": TRACE.encode(),
    }


def test_an_event_without_a_trace_starts_one() -> None:
    one, other = headers_with(None)["traceparent"], headers_with(None)["traceparent"]
    assert one != other
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", one)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", new_traceparent())


def test_a_header_is_found_by_its_name() -> None:
    assert header([("a", b"1"), ("b", "é".encode())], "b") == "é"


@pytest.mark.parametrize(
    ("headers", "rule"),
    [([], "is missing"), ([("frame", None)], "is missing"), ([("frame", b"\xff")], "is not UTF-8")],
    ids=["none", "null", "no text"],
)
def test_a_header_that_cannot_be_read_is_named(headers: list[tuple[str, bytes | None]], rule: str) -> None:
    with pytest.raises(ContractError, match=f"header frame: {rule}"):
        header(headers, "frame")


@pytest.mark.parametrize(
    ("headers", "trace"),
    [([("traceparent", TRACE.encode())], TRACE), ([("traceparent", None)], None), ([], None)],
)
def test_a_records_trace_is_known_where_it_says(headers: list[tuple[str, bytes | None]], trace: str | None) -> None:
    assert traceparent_of(headers) == trace

"""Whatever a device sends, it is taken or refused: no door breaks, and no refusal repeats what was sent."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.ingest.adapters.images import decoding_threads
from services.ingest.adapters.webhooks import of_openalpr, of_plate_recognizer
from services.ingest.edge import frigate
from services.ingest.edge.documents import json_document
from services.ingest.edge.edge_read import EdgeRead
from services.ingest.edge.mapped import edge_reads as mapped_reads
from services.ingest.edge.mapping import read_mappings
from services.ingest.edge_reads import plate_of
from services.ingest.passing import marks_of
from services.ingest.refusals import Refused
from tests.support.edge import MAPPINGS, document, sample
from tests.unit.ingest.edge.doors import EdgeIngest
from tests.unit.ingest.edge.test_webhooks import multipart

OF = read_mappings(MAPPINGS)
BOUNDARY = "multipart/form-data; boundary=x"

Decode = Callable[[bytes], list[EdgeRead]]

DOORS: dict[str, tuple[Decode, bytes]] = {
    "openalpr-results": (lambda body: of_openalpr("", body), sample("openalpr-results.json")),
    "openalpr-group": (lambda body: of_openalpr("", body), sample("openalpr-group.json")),
    "plate-recognizer": (lambda body: of_plate_recognizer("", body), sample("plate-recognizer.json")),
    "plate-recognizer-vehicles": (lambda body: of_plate_recognizer("", body), sample("plate-recognizer-vehicles.json")),
    "frigate": (
        lambda body: [read for _, read in frigate.edge_reads(json_document(body))],
        sample("frigate-lpr.json"),
    ),
    "mapped-json": (lambda body: mapped_reads(OF["export-json"], body), sample("export.json")),
    "mapped-csv": (lambda body: mapped_reads(OF["export-csv"], body), sample("export.csv")),
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)

ODD = JSON | st.sampled_from([1e308, -1, 10**40, 2**63, "\x00", "\ud800", "NaN", "9" * 5_000, [[]] * 50])


def decoded(decode: Decode, body: bytes) -> None:
    """Decodes as a door does, as far as a plate and its passing; a refusal is as good as a read."""
    try:
        for read in decode(body):
            assert 0 <= read.confidence <= 1
            assert read.captured_at.utcoffset() is not None
            assert marks_of("main-1", "edge:x", read, plate_of(read)).own
    except Refused as why:
        assert why.field
        assert why.rule


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the parts of a document are."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, one in inner for path in paths(one, (*at, key)))]


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """The document with another part there."""
    if not path:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy


@pytest.mark.parametrize("door", DOORS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(body=st.binary(max_size=200))
@example(b"[" * 200_000)
@example(b'{"a":' * 200_000)
@example(b'{"data_type": "alpr_group", "data_type": 1}')
@example(b"1" * 100_000)
def test_any_bytes(door: str, body: bytes) -> None:
    decoded(DOORS[door][0], body)


@pytest.mark.parametrize("door", DOORS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(value=JSON)
def test_any_document(door: str, value: Any) -> None:
    decoded(DOORS[door][0], json.dumps(value).encode())


@pytest.mark.parametrize(
    ("door", "name"),
    [
        ("openalpr-results", "openalpr-results.json"),
        ("openalpr-group", "openalpr-group.json"),
        ("plate-recognizer", "plate-recognizer.json"),
        ("plate-recognizer-vehicles", "plate-recognizer-vehicles.json"),
        ("frigate", "frigate-lpr.json"),
        ("mapped-json", "export.json"),
    ],
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_report_with_something_odd_anywhere_in_it(door: str, name: str, data: st.DataObject) -> None:
    report = document(name)
    path = data.draw(st.sampled_from(paths(report)))
    decoded(DOORS[door][0], json.dumps(replaced(report, path, data.draw(ODD))).encode())


@pytest.mark.parametrize("door", DOORS)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_report_that_was_damaged_on_the_way(door: str, data: st.DataObject) -> None:
    decode, body = DOORS[door]
    at, length = data.draw(st.integers(0, len(body))), data.draw(st.integers(0, 9))
    decoded(decode, body[:at] + data.draw(st.binary(max_size=9)) + body[at + length :])


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_parts_that_were_damaged_on_the_way(data: st.DataObject) -> None:
    body, content_type = multipart(json=sample("plate-recognizer.json"), upload=b"\xff\xd8\xff\xd9")
    at = data.draw(st.integers(0, len(body)))
    damaged = body[:at] + data.draw(st.binary(max_size=9)) + body[at + data.draw(st.integers(0, 9)) :]
    decoded(lambda whole: of_plate_recognizer(content_type, whole), damaged)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_door_answers_with_a_fault_of_its_own(data: st.DataObject) -> None:
    door = data.draw(st.sampled_from(["openalpr", "plate-recognizer", "mapped/export-json", "mapped/export-csv"]))
    name = data.draw(st.sampled_from(["openalpr-group.json", "plate-recognizer.json", "export.json", "export.csv"]))
    body = sample(name)
    at = data.draw(st.integers(0, len(body)))
    damaged = body[:at] + data.draw(st.binary(max_size=9)) + body[at + data.draw(st.integers(0, 9)) :]

    async def status() -> int:
        async with decoding_threads(1) as images:
            return (await EdgeIngest(images).post(door, damaged)).status_code

    assert asyncio.run(status()) in (200, 400, 413, 415, 422)


@given(
    body=st.binary(max_size=300).map(lambda data: b"--x\r\n" + data),
    content_type=st.just(BOUNDARY)
    | st.text(st.characters(max_codepoint=255), max_size=30).map(lambda text: "multipart/form-data;" + text),
)
def test_any_parts(body: bytes, content_type: str) -> None:
    decoded(lambda whole: of_plate_recognizer(content_type, whole), body)

"""Searching reads over HTTP, where the retention service keeps them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from plateward.kernel.clock import now
from services.gateway.searching.found import RESULTS_MAX
from tests.support.gateway_at_work import ACCEPTED, Console, GatewayAtWork

pytest_plugins = ["tests.support.gateway"]


@pytest.fixture(scope="module")
def console(consoles: Mapping[str, Console]) -> Console:
    return consoles["kentucky"]


async def test_a_search_finds_the_plate_and_those_that_a_reader_takes_for_it_newest_first(
    gateway: GatewayAtWork, console: Console
) -> None:
    older = await gateway.keep_read("kentucky", plate="ABO123", captured_at=now() - timedelta(minutes=5))
    newer = await gateway.keep_read("kentucky", plate="AB0123")
    await gateway.keep_read("kentucky", plate="ABC123")
    answer = (await console.http.post("/v1/searches", json=console.search("ab0-123"))).json()
    assert [(read["id"], read["plate"], read["grade"]) for read in answer["reads"]] == [
        (str(newer.id), "AB0123", "exact"),
        (str(older.id), "ABO123", "confusable"),
    ]
    assert answer["next_after"] is None
    assert answer["reads"][0] == {
        "id": str(newer.id),
        "agency_id": "kentucky",
        "camera_id": newer.camera_id,
        "camera_name": newer.place.name,
        "latitude": newer.place.latitude,
        "longitude": newer.place.longitude,
        "bearing_deg": newer.place.bearing_deg,
        "captured_at": newer.captured_at.isoformat().replace("+00:00", "Z"),
        "plate": "AB0123",
        "confidence": newer.confidence,
        "state": "AZ",
        "below_threshold": False,
        "make": None,
        "model": None,
        "colour": None,
        "kind": None,
        "grade": "exact",
        "pictures": answer["reads"][0]["pictures"],
    }


async def test_a_search_takes_the_time_asked_for_its_end_excluded(gateway: GatewayAtWork, console: Console) -> None:
    read = await gateway.keep_read("kentucky", plate="TIME1")
    at, moment = read.captured_at, timedelta(microseconds=1)

    async def found(begin: Any, end: Any) -> int:
        window = {"captured_from": begin.isoformat(), "captured_until": end.isoformat()}
        answer = await console.http.post("/v1/searches", json=console.search("TIME1", **window))
        return len(answer.raise_for_status().json()["reads"])

    assert await found(at, at + moment) == 1
    assert await found(at - moment, at) == 0
    assert await found(at + moment, at + timedelta(days=1)) == 0


async def test_an_answer_holds_a_hundred_reads_and_says_that_there_are_more(
    gateway: GatewayAtWork, console: Console
) -> None:
    reads = [
        await gateway.keep_read("kentucky", plate="MANY1", captured_at=now() - timedelta(seconds=number))
        for number in range(2)
    ]
    await gateway.copy_read(reads[0], RESULTS_MAX - 2)
    answer = (await console.http.post("/v1/searches", json=console.search("MANY1"))).json()
    assert (len(answer["reads"]), answer["next_after"]) == (RESULTS_MAX, None)
    await gateway.copy_read(reads[0], 1)
    answer = (await console.http.post("/v1/searches", json=console.search("MANY1"))).json()
    assert len(answer["reads"]) == RESULTS_MAX
    assert answer["next_after"]["read_id"] == answer["reads"][-1]["id"]
    assert str(reads[1].id) not in {read["id"] for read in answer["reads"]}, "the oldest is the one left out"


@pytest.mark.parametrize("kind", ["plate", "scene"])
async def test_the_pictures_of_what_was_found_are_there(gateway: GatewayAtWork, console: Console, kind: str) -> None:
    read = await gateway.keep_read("kentucky", plate="PICT1")
    answer = (await console.http.post("/v1/searches", json=console.search("PICT1"))).json()
    picture = await console.http.get(answer["reads"][0]["pictures"][kind])
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.content == getattr(read.images, kind).encode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plate": "-"}, "plate"),
        ({"plate": "ABCDEFGHIJKLM"}, "plate"),
        ({"plate": "\u0410BC123"}, "plate"),
        ({"plate": "???"}, "plate"),
        ({"plate": ""}, "body.plate"),
        ({"captured_from": "2026-03-01T09:30:00"}, "body.captured_from"),
        ({"captured_until": "tomorrow"}, "body.captured_until"),
        ({"captured_from": "0001-01-01T00:00:00+14:00"}, "body.captured_from"),
        ({"captured_until": "9999-12-31T23:59:59-14:00"}, "body.captured_until"),
        (
            {"reason": {"purpose": "stolen-vehicle", "form": "case", "values": {"case_number": 1}}},
            "body.reason.values.case_number",
        ),
        (
            {
                "reason": {
                    "purpose": "stolen-vehicle",
                    "form": "written",
                    "values": {"detail": "A car taken\0 at night"},
                }
            },
            "body.reason.values",
        ),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_the_field_and_the_rule(
    console: Console, changes: dict[str, Any], field: str
) -> None:
    answer = await console.http.post("/v1/searches", json=console.search() | changes)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert error["rule"]


async def test_the_reason_is_kept_with_the_search_as_it_was_given(gateway: GatewayAtWork, console: Console) -> None:
    answer = (await console.http.post("/v1/searches", json=console.search())).json()
    kept = await gateway.administrator.fetchval("SELECT reason FROM searches WHERE access_id = $1", answer["access_id"])
    assert kept == msgspec.to_builtins(ACCEPTED["kentucky"])


async def test_a_time_that_ends_before_it_begins_is_refused(gateway: GatewayAtWork, console: Console) -> None:
    window = {"captured_from": now().isoformat(), "captured_until": (now() - timedelta(hours=1)).isoformat()}
    answer = await console.http.post("/v1/searches", json=console.search("TIME1", **window))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["captured_until"]

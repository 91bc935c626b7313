import json
import uuid
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.access import AccessRecord, Actor, Reason
from plateward.contracts.canonical import canonical
from plateward.contracts.event import decode, encode

WORDS = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=5)


def a_record(**changes: object) -> AccessRecord:
    known: dict[str, object] = {
        "id": uuid.UUID(int=1),
        "access_id": uuid.UUID(int=2),
        "phase": "asked",
        "at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        "actor": Actor(person_id="p1", username="rvega", name="R. Vega", title="Detective", agency_id="flagstaff"),
        "action": "search",
        "query": {"plate": "ABC123", "a": "ü"},
        "reason": Reason(purpose="stolen-vehicle", form="event", values={"number": "26-1"}),
        "owners": ("flagstaff", "barstow"),
        "address": "192.0.2.7",
        "session": "s-9",
    }
    return AccessRecord(**(known | changes))  # type: ignore[arg-type]


def test_the_bytes_of_a_record_are_these_for_ever() -> None:
    assert canonical(a_record()).decode() == (
        '{"access_id":"00000000-0000-0000-0000-000000000002","action":"search","actor":{"agency_id":"flagstaff",'
        '"name":"R. Vega","person_id":"p1","title":"Detective","username":"rvega"},"address":"192.0.2.7",'
        '"at":"2026-03-01T12:30:00Z","id":"00000000-0000-0000-0000-000000000001","owners":["flagstaff","barstow"],'
        '"phase":"asked","query":{"a":"ü","plate":"ABC123"},"reason":{"form":"event","purpose":"stolen-vehicle",'
        '"values":{"number":"26-1"}},"session":"s-9"}'
    )


@given(query=WORDS, values=WORDS, problem=st.none() | st.text(max_size=20), results=st.none() | st.integers(0, 10**9))
def test_anybody_can_make_the_same_bytes_with_a_json_library(
    query: dict[str, str], values: dict[str, str], problem: str | None, results: int | None
) -> None:
    reason = Reason(purpose="x", form="y", values=values)
    made = canonical(a_record(query=query, reason=reason, problem=problem, results=results))
    assert json.dumps(json.loads(made), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == made


@given(query=WORDS)
def test_the_journey_over_the_wire_changes_no_byte(query: dict[str, str]) -> None:
    record = a_record(query=query)
    assert canonical(decode(encode(record), AccessRecord)) == canonical(record)
    backwards = a_record(query=dict(reversed(query.items())))
    assert canonical(backwards) == canonical(record)

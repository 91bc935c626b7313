"""An answer of another region is held to what was asked and agreed: more than that, and nothing of it is shown."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from plateward.contracts.access import Approved, CaseCheck, Reason, SharedUnder, access_record_id
from plateward.contracts.partners import OwnersPartDecided, PageAfter
from plateward.contracts.questions import VehicleAsked
from services.gateway.regions.answers import Distrusted, check_outcome, found_there
from services.gateway.searching.area import Circle
from services.gateway.searching.question import Question
from tests.unit.gateway.regions.answering import AGREED, AT, QUESTION, a_read, answered, asked, outcome


def test_a_true_answer_is_shown_without_pictures() -> None:
    record = asked()
    first, second = a_read(), a_read(captured_at=AT - timedelta(hours=2), plate="A80123", state=None)
    found = found_there(answered(record, first, second), record, QUESTION, AGREED, None)
    assert [read.id for read in found] == [first.id, second.id]
    assert not any(read.has_plate_picture or read.has_scene_picture for read in found)
    check_outcome(outcome(record, 2), record, AT)


MORE_THAN_ASKED: list[tuple[dict[str, Any], str]] = [
    ({"agency_id": "stockton"}, "its owner"),
    ({"agency_id": "barstow"}, "its owner"),
    ({"captured_at": AT - timedelta(hours=25)}, "its time"),
    ({"captured_at": AT - timedelta(hours=13)}, "outside of the agreement"),
    ({"plate": "ZZZ999"}, "its plate"),
    ({"make": "Ford"}, "does not show the vehicle"),
    ({"bearing_deg": 90.0}, "does not show the direction"),
    ({"latitude": 95.0}, "its place"),
    ({"confidence": 7.0}, "its place"),
    ({"camera_name": "Mill\u202eRoad"}, "its words"),
    ({"camera_name": "x" * 301}, "its words"),
]


@pytest.mark.parametrize(("changes", "why"), MORE_THAN_ASKED)
def test_one_read_too_many_or_too_much_of_one_and_nothing_is_shown(changes: dict[str, Any], why: str) -> None:
    record = asked()
    with pytest.raises(Distrusted, match=why):
        found_there(answered(record, a_read(), a_read(**changes)), record, QUESTION, AGREED, None)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ({"cameras": ("a-2",)}, "its camera"),
        ({"area": Circle(latitude=36.0, longitude=-117.0, radius_m=500.0)}, "its place"),
        ({"state": "NV"}, "its state"),
        ({"vehicle": VehicleAsked(colour="red")}, "its colour"),
        ({"spelling": "exact", "plate": "AB0124"}, "its plate"),
    ],
)
def test_a_read_must_answer_the_question(question: dict[str, Any], why: str) -> None:
    other: Question = msgspec.structs.replace(QUESTION, **question)
    record = asked(other)
    with pytest.raises(Distrusted, match=why):
        found_there(answered(record, a_read()), record, other, AGREED, None)


def test_the_cameras_of_the_agreement_bound_it_on_this_side_too() -> None:
    record = asked()
    narrow = (replace(AGREED[0], scopes=(replace(AGREED[0].scopes[0], cameras=("a-2",)),)), AGREED[1])
    with pytest.raises(Distrusted, match="outside of the agreement"):
        found_there(answered(record, a_read()), record, QUESTION, narrow, None)


@pytest.mark.parametrize("named", [("ashgrove",), ("ashgrove", "elmwood", "stockton"), ("ashgrove", "ashgrove")])
def test_each_owner_asked_is_spoken_of_and_no_other(named: tuple[str, ...]) -> None:
    record = asked()
    parts = tuple(OwnersPartDecided(agency_id=one, granted=True, basis="MOU") for one in named)
    with pytest.raises(Distrusted, match="of each owner asked"):
        found_there(answered(record, parts=parts), record, QUESTION, AGREED, None)


def test_an_owner_that_has_refused_has_no_reads() -> None:
    record = asked()
    parts = tuple(OwnersPartDecided(agency_id=one, granted=False, basis="no") for one in record.owners)
    failed = outcome(record, phase="failed", results=None, problem="NotAgreed")
    assert found_there(answered(record, parts=parts, outcome=failed), record, QUESTION, AGREED, None) == ()
    with pytest.raises(Distrusted, match="its owner"):
        found_there(answered(record, a_read(), parts=parts), record, QUESTION, AGREED, None)


def test_pages_are_of_one_search_in_the_order_of_time_and_of_bounded_length() -> None:
    record = asked()
    older = a_read(captured_at=AT - timedelta(hours=2))
    with pytest.raises(Distrusted, match="order of time"):
        found_there(answered(record, older, a_read()), record, QUESTION, AGREED, None)
    with pytest.raises(Distrusted, match="more reads than a page"):
        found_there(answered(record, *(a_read() for _ in range(101))), record, QUESTION, AGREED, None)
    with pytest.raises(Distrusted, match="one twice"):
        found_there(answered(record, older, older), record, QUESTION, AGREED, None)
    after = PageAfter(search=uuid.uuid4(), captured_at=AT - timedelta(hours=3), read_id=uuid.uuid4())
    with pytest.raises(Distrusted, match="order of time"):
        found_there(answered(record, older), record, QUESTION, AGREED, after)
    with pytest.raises(Distrusted, match="another search"):
        found_there(answered(record, older, next=after), record, QUESTION, AGREED, None)
    for ended in (outcome(record, 7), outcome(record, 1, phase="failed")):
        with pytest.raises(Distrusted, match="another number"):
            found_there(answered(record, older, outcome=ended), record, QUESTION, AGREED, None)


SAYS_OTHERWISE: list[dict[str, Any]] = [
    {"query": {"plate": "AB0124"}},
    {"reason": Reason(purpose="missing-person", form="case", values={})},
    {"address": "192.0.2.8"},
    {"session": "another"},
    {"owners": ("stockton",)},
    {"at": AT + timedelta(minutes=6)},
    {"phase": "asked"},
    {"id": uuid.uuid4()},
    {"action": "view-image"},
    {"shared_under": (SharedUnder(owner="stockton", mou="another", version=1),)},
    {"case": CaseCheck(number="26-1", found="known")},
    {"problem": "x" * 301},
]


@pytest.mark.parametrize("changes", SAYS_OTHERWISE)
def test_the_owners_record_of_the_outcome_says_what_was_asked_and_nothing_else(changes: dict[str, Any]) -> None:
    record = asked()
    with pytest.raises(Distrusted):
        check_outcome(outcome(record, **changes), record, AT)


def test_the_outcome_is_of_this_look_and_by_this_person() -> None:
    record, another = asked(), asked()
    with pytest.raises(Distrusted):
        check_outcome(outcome(another), record, AT)
    by_another = msgspec.structs.replace(record.actor, username="somebody")
    approved = Approved(approval_id=uuid.uuid4(), by=by_another, at=AT, statement="As agreed by telephone")
    for changes in ({"actor": by_another}, {"approved": approved}):
        with pytest.raises(Distrusted):
            check_outcome(outcome(record, **changes), record, AT)
    failed = outcome(record, phase="failed", id=access_record_id(record.access_id, "failed"), problem="NotAgreed")
    check_outcome(failed, record, AT)

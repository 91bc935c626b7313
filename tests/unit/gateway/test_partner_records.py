"""The record that a client sends: it is of its own agency, of now, and says all that the question does."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.client import asking
from plateward.contracts.access import AccessRecord, access_record_id
from plateward.contracts.partners import PageAfter, query_of
from plateward.contracts.questions import QuestionAsked, VehicleAsked
from plateward.kernel.clock import now
from services.gateway.partners.records import NotItsOwn, check_whose, what_a_search_record_lacks
from services.gateway.searching.area import Circle
from services.gateway.searching.question import Question
from tests.support.partners import STOLEN, an_asker, ed25519_key
from tests.unit.gateway.test_partner_assertions import CLIENT, KEY

HERE = ("flagstaff", "stockton")
QUESTION = Question(
    captured_from=datetime(2026, 3, 1, 8, tzinfo=UTC),
    captured_until=datetime(2026, 3, 1, 9, tzinfo=UTC),
    plate="7KXR214",
)
AFTER = PageAfter(search=uuid.UUID(int=1), captured_at=QUESTION.captured_from, read_id=uuid.UUID(int=2))

WORDS = st.text("abcXYZ 019", min_size=1, max_size=12)
QUESTIONS = st.builds(
    Question,
    captured_from=st.just(QUESTION.captured_from),
    captured_until=st.just(QUESTION.captured_until),
    plate=st.from_regex(r"[A-Z0-9?*]{2,8}", fullmatch=True),
    spelling=st.sampled_from(["confusable", "exact"]),
    state=st.sampled_from(["CA", "AZ", None]),
    vehicle=st.builds(VehicleAsked, make=st.none() | WORDS, colour=st.none() | WORDS),
    cameras=st.lists(WORDS, max_size=3).map(tuple),
    area=st.none() | st.builds(Circle, latitude=st.just(35.0), longitude=st.floats(-1, 1), radius_m=st.just(500.0)),
    owners=st.sampled_from([(), ("stockton",), ("flagstaff", "stockton")]),
)


def a_record(**changes: Any) -> AccessRecord:
    record = asking(an_asker(), QUESTION, STOLEN, ["stockton"])
    return msgspec.structs.replace(record, **changes)


def lacking(record: AccessRecord, question: Question = QUESTION, after: PageAfter | None = None) -> list[str]:
    return [one.field for one in what_a_search_record_lacks(record, question, after, HERE, now())]


def test_a_record_of_the_question_lacks_nothing() -> None:
    assert lacking(a_record()) == []
    page = asking(an_asker(), QUESTION, STOLEN, ["stockton"], AFTER)
    assert lacking(page, after=AFTER) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"query": {}}, "record.query.captured_from"),
        ({"query": query_of(QUESTION) | {"plate": "AB0123"}}, "record.query.plate"),
        ({"query": query_of(QUESTION) | {"state": "CA"}}, "record.query.state"),
        ({"action": "view-image"}, "record.action"),
        ({"phase": "answered"}, "record.phase"),
        ({"results": 0}, "record.phase"),
        ({"problem": "none"}, "record.phase"),
        ({"at": now() - timedelta(minutes=6)}, "record.at"),
        ({"at": now() + timedelta(minutes=6)}, "record.at"),
        ({"owners": ()}, "record.owners"),
        ({"owners": ("stockton", "stockton")}, "record.owners"),
        ({"owners": ("stockton", "ashgrove")}, "record.owners"),
        ({"id": access_record_id(a_record().access_id, "asked")}, "record.id"),
    ],
)
def test_anything_else_is_named(changes: dict[str, Any], field: str) -> None:
    assert field in lacking(a_record(**changes))


@given(QUESTIONS, st.data())
def test_a_record_cannot_say_less_than_is_asked_nor_anything_else(question: Question, data: st.DataObject) -> None:
    record = asking(an_asker(), question, STOLEN, ["stockton"])
    named = {field for field in lacking(record, question) if field.startswith("record.")}
    assert named == set()
    left_out = data.draw(st.sampled_from(sorted(record.query)))
    less = {name: value for name, value in record.query.items() if name != left_out}
    assert f"record.query.{left_out}" in lacking(msgspec.structs.replace(record, query=less), question)
    other = record.query | {left_out: record.query[left_out] + "0"}
    assert f"record.query.{left_out}" in lacking(msgspec.structs.replace(record, query=other), question)


def test_the_owners_of_a_record_are_among_those_that_the_question_names() -> None:
    narrow = msgspec.structs.replace(QUESTION, owners=("flagstaff",))
    assert lacking(asking(an_asker(), narrow, STOLEN, ["stockton"]), narrow) == ["record.owners"]


def test_a_page_says_which_search_it_goes_on_with() -> None:
    assert set(lacking(a_record(), after=AFTER)) == {"record.query.search", "record.query.after"}
    page = asking(an_asker(), QUESTION, STOLEN, ["stockton"], AFTER)
    assert set(lacking(page)) == {"record.query.search", "record.query.after"}


def test_what_is_too_broad_for_people_is_so_for_machines() -> None:
    broad = msgspec.structs.replace(QUESTION, plate="A*")
    assert lacking(asking(an_asker(), broad, STOLEN, ["stockton"]), broad) == ["question.plate"]


def test_a_client_speaks_for_its_own_agency_alone_and_signs_what_it_says() -> None:
    record = a_record()
    assert check_whose(record, KEY.sign(record), CLIENT)
    theirs = asking(an_asker("barstow"), QUESTION, STOLEN, ["stockton"])
    with pytest.raises(NotItsOwn, match="the record is of barstow, and the client is ashgrove's"):
        check_whose(theirs, KEY.sign(theirs), CLIENT)
    with pytest.raises(NotItsOwn, match="signature"):
        check_whose(record, ed25519_key().sign(record), CLIENT)
    with pytest.raises(NotItsOwn, match="signature"):
        check_whose(record, KEY.sign(a_record()), CLIENT)


@given(QUESTIONS)
def test_what_travels_is_what_was_asked(question: Question) -> None:
    """A region's gateway sends its own question as it is: it says the same over there."""
    there = msgspec.json.decode(msgspec.json.encode(question), type=QuestionAsked)
    assert query_of(there) == question.as_query

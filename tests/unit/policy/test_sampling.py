"""The lot: anybody draws it again, nobody chooses it, and every inquiry is as likely as any other."""

import random
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.access import AccessRecord, Actor
from plateward.policy.sampling import Window, drawn
from tests.support.access_log import a_look

IDS = [uuid.UUID(int=random.Random(number).getrandbits(128)) for number in range(40)]
UNTIL = datetime(2026, 7, 1, tzinfo=UTC)
WINDOW = Window("flagstaff", UNTIL - timedelta(days=180), UNTIL)


def test_it_is_the_same_for_everybody() -> None:
    """An example that another program can be checked against."""
    ids = [uuid.UUID(int=number) for number in range(5)]
    assert [one.int for one in drawn(bytes(32), ids, 3)] == [0, 4, 1], "as sha256sum has it"


@given(st.permutations(IDS), st.binary(min_size=32, max_size=32))
def test_in_which_order_the_inquiries_come_does_not_matter(ids: list[uuid.UUID], seed: bytes) -> None:
    assert drawn(seed, ids, 10) == drawn(seed, IDS, 10)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 60))
def test_it_draws_as_many_as_asked_for_and_each_once(seed: bytes, count: int) -> None:
    lot = drawn(seed, IDS, count)
    assert len(lot) == len(set(lot)) == min(count, len(IDS))
    assert set(lot) <= set(IDS)


def test_every_inquiry_is_drawn_as_often_as_any_other() -> None:
    """Ten of 40 in 4,000 lots: each 1,000 times; 27.4 is the standard deviation."""
    times = Counter(one for number in range(4000) for one in drawn(number.to_bytes(32), IDS, 10))
    assert all(abs(times[one] - 1000) < 5 * 27.4 for one in IDS)
    # With a quarter of the places each, chi-squared of 39 degrees of freedom and finite draws stays far below this.
    assert sum((times[one] - 1000) ** 2 / 1000 for one in IDS) < 80


def test_another_seed_draws_another_lot() -> None:
    assert len({drawn(number.to_bytes(32), IDS, 10) for number in range(200)}) == 200


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({}, True),
        ({"action": "export-reads"}, True),
        ({"action": "view-image"}, False),
        ({"phase": "answered"}, False),
        ({"at": WINDOW.since}, True),
        ({"at": WINDOW.since - timedelta(microseconds=1)}, False),
        ({"at": WINDOW.until}, False),
    ],
)
def test_the_window_holds_what_the_agencys_people_asked_in_it(changes: dict[str, object], held: bool) -> None:
    assert WINDOW.holds(a_look(**({"at": UNTIL - timedelta(days=3)} | changes))) is held


def test_other_agencies_inquiries_are_not_in_the_window() -> None:
    theirs: AccessRecord = msgspec.structs.replace(
        a_look(at=UNTIL - timedelta(days=3)),
        actor=Actor(person_id="p", username="u", name="N", title="Officer", agency_id="stockton"),
    )
    assert not WINDOW.holds(theirs)

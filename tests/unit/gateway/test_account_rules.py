"""What an account must be, and how a secret is sealed."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from plateward.policy.catalogue import load_catalogue
from services.gateway.account_rules import NewAccount, review_due_at, what_a_window_lacks, what_an_account_lacks
from services.gateway.adapters.sealing import SealKey
from services.gateway.second_factor import what_a_password_lacks

BARSTOW = load_catalogue()["barstow"]
KEY = bytes(range(32)).hex()


def lacking(**changes: str | None) -> set[str]:
    new = NewAccount(**({"username": "dokafor", "name": "D. Okafor", "title": "Detective"} | changes))  # type: ignore[arg-type]
    return {one.field for one in what_an_account_lacks(BARSTOW, new)}


def test_one_person_with_a_title_of_the_policy_lacks_nothing() -> None:
    assert lacking() == set()
    assert lacking(title="Administrative Division Commander") == set()
    assert lacking(title="Vendor technician") == set()


@pytest.mark.parametrize(
    "username", ["dispatch", "dispatch2", "desk-1", "front.desk", "Okafor", "1okafor", "", "o" * 41]
)
def test_a_post_or_no_name_is_no_log_in(username: str) -> None:
    assert lacking(username=username) == {"username"}


@pytest.mark.parametrize("name", ["Okafor", "Dispatch Desk", "Shift Sergeant", "", "D.\0 Okafor"])
def test_a_name_is_one_persons(name: str) -> None:
    assert lacking(name=name) == {"name"}


def test_a_title_that_the_policy_does_not_know_is_none() -> None:
    assert lacking(title="Mayor") == {"title"}


@pytest.mark.parametrize(
    ("title", "hours", "statement", "fields"),
    [
        ("Vendor technician", 8, "replacing a reader", set()),
        ("Vendor technician", 8.5, "replacing a reader", {"hours"}),
        ("Vendor technician", 0, "replacing a reader", {"hours"}),
        ("Vendor technician", float("nan"), "replacing a reader", {"hours"}),
        ("Vendor technician", 1, "work", {"statement"}),
        ("Detective", 1, "replacing a reader", {"person"}),
    ],
)
def test_a_window_is_a_vendors_and_short(title: str, hours: float, statement: str, fields: set[str]) -> None:
    assert {one.field for one in what_a_window_lacks(BARSTOW, title, hours, statement)} == fields


def test_a_review_is_due_a_quarter_after_the_last() -> None:
    created = datetime(2026, 1, 1, tzinfo=UTC)
    assert review_due_at(BARSTOW, created, None) == created + timedelta(days=90)
    assert review_due_at(BARSTOW, created, created + timedelta(days=10)) == created + timedelta(days=100)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "my okafor password", "long enough\0 it is"])
def test_a_password_that_is_easily_guessed_is_not_taken(password: str) -> None:
    assert what_a_password_lacks("okafor", password)


def test_four_words_are_a_password() -> None:
    assert what_a_password_lacks("okafor", "grey saloon without lights") == ()


def test_what_is_sealed_opens_for_its_person_and_with_its_key_alone() -> None:
    person, key = uuid.uuid4(), SealKey(KEY)
    sealed = key.sealed(b"secret", person)
    assert b"secret" not in sealed
    assert key.opened(sealed, person) == b"secret"
    assert key.sealed(b"secret", person) != sealed
    for other, whose in ((key, uuid.uuid4()), (SealKey(bytes(32).hex()), person)):
        with pytest.raises(InvalidTag):
            other.opened(sealed, whose)


@pytest.mark.parametrize("key", ["", "no digits", bytes(16).hex()])
def test_a_key_is_of_256_bits(key: str) -> None:
    with pytest.raises(ValueError, match=r"seal key|fromhex"):
        SealKey(key)

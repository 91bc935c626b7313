import uuid
from datetime import UTC, datetime

from plateward.tlog.hashing import leaf_hash
from services.audit.appending import Entry, what_is_new


def an_entry(number: int, content: bytes = b"as it was") -> Entry:
    return Entry(
        id=uuid.UUID(int=number),
        access_id=uuid.UUID(int=100 + number),
        agency_id="flagstaff",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        canonical=content,
        leaf_hash=leaf_hash(content),
    )


def test_new_entries_are_appended_in_the_order_of_their_arrival() -> None:
    third, first, second = an_entry(3), an_entry(1), an_entry(2)
    assert what_is_new([third, first, second], {}).fresh == (third, first, second)


def test_what_the_log_holds_is_not_appended_again() -> None:
    known, new = an_entry(1), an_entry(2)
    appended = what_is_new([known, new], {known.id: known.leaf_hash})
    assert appended.fresh == (new,)
    assert appended.rewrites == ()


def test_an_entry_twice_in_a_batch_is_appended_once() -> None:
    appended = what_is_new([an_entry(1), an_entry(1)], {})
    assert appended.fresh == (an_entry(1),)
    assert appended.rewrites == ()


def test_other_content_under_a_known_id_is_a_rewrite() -> None:
    was, other = an_entry(1), an_entry(1, b"as somebody would like it")
    appended = what_is_new([other], {was.id: was.leaf_hash})
    assert appended.fresh == ()
    assert appended.rewrites == (other,)


def test_other_content_under_an_id_of_the_same_batch_is_a_rewrite() -> None:
    was, other = an_entry(1), an_entry(1, b"as somebody would like it")
    appended = what_is_new([was, other, was], {})
    assert appended.fresh == (was,)
    assert appended.rewrites == (other,)

"""Which records of a batch take a number, and which would rewrite one."""

import msgspec

from plateward.contracts.access import AccessRecord
from services.audit.appending import NewEntries, entry_of
from tests.support.access_log import a_look


def rewritten(record: AccessRecord) -> AccessRecord:
    return msgspec.structs.replace(record, query={"plate": "HARMLESS"})


def test_new_records_are_appended_in_the_order_of_their_arrival() -> None:
    records = [a_look() for _ in range(3)]
    new = NewEntries(records, {})
    assert list(new) == [entry_of(record) for record in records]
    assert new.leaves == [entry_of(record).leaf_hash for record in records]


def test_what_the_log_holds_is_not_appended_again() -> None:
    known, other = a_look(), a_look()
    new = NewEntries([known, other], {known.id: entry_of(known).leaf_hash})
    assert list(new) == [entry_of(other)]
    assert new.rewrites == []


def test_a_record_twice_in_a_batch_is_appended_once() -> None:
    record = a_look()
    new = NewEntries([record, record], {})
    assert list(new) == [entry_of(record)]
    assert new.rewrites == []


def test_other_content_under_a_known_id_is_a_rewrite() -> None:
    was = a_look()
    new = NewEntries([rewritten(was)], {was.id: entry_of(was).leaf_hash})
    assert list(new) == []
    assert new.rewrites == [0]


def test_other_content_under_an_id_of_the_same_batch_is_a_rewrite() -> None:
    was = a_look()
    new = NewEntries([was, rewritten(was), was], {})
    assert list(new) == [entry_of(was)]
    assert new.rewrites == [1]


def test_the_other_agencies_are_those_whose_data_it_is_beside_the_own() -> None:
    assert entry_of(a_look(owners=("flagstaff",))).others is None
    assert entry_of(a_look(owners=("barstow", "flagstaff", "stockton"))).others == ("barstow", "stockton")

"""The access record stays what it was: it is in a log that is signed, and any change of it is seen."""

import uuid
from collections.abc import AsyncIterator

import msgspec
import pytest

from plateward.contracts.access import AccessRecord, Actor, Reason
from plateward.contracts.canonical import canonical
from plateward.contracts.event import decode
from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.evidence import InclusionEvidence
from plateward.tlog.proofs import NotProven
from plateward.tlog.verifying import verify_consistency, verify_log, verify_record
from services.audit.adapters.log_store import LogStore
from tests.support.access_log import TRUST, AccessLog, a_look, access_log

TITLES = {"barstow": "Detective", "kentucky": "Trooper", "florence": "Officer"}


@pytest.fixture(scope="module")
async def log(database: str) -> AsyncIterator[AccessLog]:
    """A log with other people's looks in it."""
    async with access_log(database) as log:
        await log.append(40)
        yield log


def look_of(agency: str) -> AccessRecord:
    actor = Actor(person_id="p7", username=f"{agency}-7", name="D. Okafor", title=TITLES[agency], agency_id=agency)
    return a_look(actor=actor, query={"plate": "7KXR214"}, owners=(agency,))


async def logged(log: AccessLog, record: AccessRecord) -> tuple[bytes, InclusionEvidence]:
    """The record as the log has it, and the proof that a stranger can check."""
    await LogStore(log.pool).append([record])
    await log.append(3)
    note = await log.sign()
    place = await log.store.place_of(record.id)
    assert place is not None
    content = await log.pool.fetchval("SELECT canonical FROM records WHERE seq = $1", place)
    return content, await log.store.prove_inclusion(place, note)


@pytest.mark.clause("B11")
@pytest.mark.clause("K18")
@pytest.mark.clause("L7")
@pytest.mark.parametrize("agency", ["barstow", "kentucky", "florence"])
async def test_name_date_and_time_of_an_access_are_proven_to_be_what_was_logged(log: AccessLog, agency: str) -> None:
    record = look_of(agency)
    content, evidence = await logged(log, record)
    verify_record(content, evidence, TRUST)
    proven = decode(content, AccessRecord)
    assert (proven.actor.name, proven.actor.username, proven.at) == ("D. Okafor", f"{agency}-7", record.at)
    for forged in (
        msgspec.structs.replace(record, actor=msgspec.structs.replace(record.actor, name="Somebody Else")),
        msgspec.structs.replace(record, at=record.at.replace(hour=3)),
        msgspec.structs.replace(record, at=record.at.replace(day=2)),
    ):
        with pytest.raises(NotProven):
            verify_record(canonical(forged), evidence, TRUST)


@pytest.mark.clause("B4")
async def test_no_field_of_the_civil_code_can_be_changed_in_the_log_unseen(log: AccessLog) -> None:
    record = look_of("barstow")
    content, evidence = await logged(log, record)
    verify_record(content, evidence, TRUST)
    other = Reason(purpose="missing-person", form=record.reason.form, values=record.reason.values)
    for field, value in {
        "at": record.at.replace(minute=31),
        "query": {"plate": "7KXR215"},
        "actor": msgspec.structs.replace(record.actor, username="somebody-else"),
        "reason": other,
        "owners": ("flagstaff",),
        "session": str(uuid.uuid4()),
        "address": "192.0.2.8",
    }.items():
        with pytest.raises(NotProven):
            verify_record(canonical(msgspec.structs.replace(record, **{field: value})), evidence, TRUST)


@pytest.mark.clause("B4")
@pytest.mark.clause("B11")
@pytest.mark.clause("K18")
@pytest.mark.clause("L7")
async def test_no_access_is_taken_out_of_the_log_unseen(log: AccessLog) -> None:
    for agency in TITLES:
        await logged(log, look_of(agency))
    before, records = await log.sign(), await log.records()
    for place in range(len(records)):
        with pytest.raises(NotProven):
            verify_log(records[:place] + records[place + 1 :], before, TRUST)
    await log.append(10)
    grown = await log.store.prove_consistency(checkpoint_of(before).size, await log.sign())
    verify_consistency(before, grown, TRUST)

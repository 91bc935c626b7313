"""Tries to sign in that fail: each is on record, or counted in one, and a flood adds a known number of records."""

import uuid
from datetime import UTC, datetime, timedelta

from plateward.contracts.access import AccessRecord
from services.gateway.access import AccessGate, NotRecorded
from services.gateway.failed_sign_ins import OF_ALL, OF_ONE_NAME, FailedSignIns
from services.gateway.people import Person

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
OKAFOR = Person(uuid.uuid4(), "dokafor", "D. Okafor", "Detective", "flagstaff")


class Kept:
    """A log in memory that can be away."""

    def __init__(self) -> None:
        self.records: list[AccessRecord] = []
        self.away = False

    async def append(self, record: AccessRecord) -> None:
        if self.away:
            raise NotRecorded
        self.records.append(record)


def failures(log: Kept, mark_key: bytes = b"one") -> FailedSignIns:
    return FailedSignIns(AccessGate(log, lambda: AT), lambda: AT, mark_key)


async def test_a_try_names_the_person_in_their_agencys_log_and_never_what_was_typed_where_there_is_none() -> None:
    log = Kept()
    tries = failures(log)
    await tries.note("dokafor", OKAFOR, "password", "192.0.2.7")
    for typed in ("correct horse", "correct horse", "battery staple"):
        await tries.note(typed, None, "password", "192.0.2.8")
    known, one, again, other = log.records
    assert (known.action, known.phase, known.problem) == ("failed-sign-in", "failed", "refused")
    assert (known.actor, known.owners, known.address) == (OKAFOR.actor, ("flagstaff",), "192.0.2.7")
    assert known.query == {"by": "password", "person": "dokafor"}
    assert (one.actor.agency_id, one.owners) == ("", ())
    assert "correct" not in str(one)
    assert one.query == again.query != other.query
    await failures(log, b"another").note("correct horse", None, "password", "")
    assert log.records[-1].query != one.query, "the mark means nothing elsewhere"


async def test_a_flood_of_one_name_is_counted_and_hides_no_other() -> None:
    log = Kept()
    tries = failures(log)
    for _ in range(OF_ONE_NAME.times + 7):
        await tries.note("dokafor", OKAFOR, "password", "192.0.2.7")
    await tries.note("rvega", None, "code", "192.0.2.7")
    assert len(log.records) == OF_ONE_NAME.times + 1
    await tries.write_counted()
    await tries.write_counted()
    assert log.records[OF_ONE_NAME.times + 1 :] == [log.records[-1]]
    assert (log.records[-1].query, log.records[-1].actor.agency_id) == ({"tries": "7"}, "flagstaff")


async def test_a_flood_of_names_is_bounded_and_whole() -> None:
    log, count = Kept(), OF_ALL.times * 5
    tries = failures(log)
    for number in range(count):
        await tries.note(f"name-{number}", None, "password", f"192.0.2.{number % 250}")
    assert len(log.records) == OF_ALL.times
    log.away = True
    await tries.write_counted()
    log.away = False
    await tries.write_counted()
    assert len(log.records) == OF_ALL.times + 1
    assert log.records[-1].query == {"tries": str(count - OF_ALL.times)}, "what could not be written was counted on"


async def test_after_a_while_each_is_written_again() -> None:
    log, at = Kept(), [AT]
    tries = FailedSignIns(AccessGate(log, lambda: at[0]), lambda: at[0])
    for _ in range(2):
        for _ in range(OF_ONE_NAME.times + 1):
            await tries.note("dokafor", OKAFOR, "password", "")
        at[0] += OF_ONE_NAME.period + timedelta(seconds=1)
    assert len(log.records) == 2 * OF_ONE_NAME.times

"""Access records as the gateway sends them: each look is two, of one of 300 people."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from plateward.contracts.access import AccessRecord, Actor, Reason
from plateward.contracts.event import encode

START = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = 300
DISTINCT = 20_000

_NOBODY = uuid.UUID(int=0)


def looks(seed: int) -> Iterator[bytes]:
    """Endless records in the form that they have on the topic: some thousands, again and again, under new ids."""
    chance = random.Random(seed)
    contents = [encode(record).partition(b',"phase"')[2] for record in _looks(chance)]
    while True:
        for content in contents:
            one, other = _uuid(chance), _uuid(chance)
            yield b'{"id":"%b","access_id":"%b","phase"%b' % (one, other, content)


def _uuid(chance: random.Random) -> bytes:
    digits = b"%032x" % chance.getrandbits(128)
    return b"-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _looks(chance: random.Random) -> Iterator[AccessRecord]:
    people, at = [_person(number) for number in range(PEOPLE)], START
    for _ in range(DISTINCT // 2):
        at += timedelta(seconds=chance.expovariate(1.0))
        person = chance.choice(people)
        query = {
            "plate": f"{chance.randrange(10)}ABC{chance.randrange(1000):03}",
            "captured_from": (at - timedelta(days=30)).isoformat(),
            "captured_until": at.isoformat(),
        }
        values = {"case_number": f"26-{chance.randrange(10**6):06}", "detail": "taken overnight from a driveway"}
        asked = AccessRecord(
            id=_NOBODY,
            access_id=_NOBODY,
            phase="asked",
            at=at,
            actor=person,
            action="search",
            query=query,
            reason=Reason(purpose="stolen-vehicle", form="case", values=values),
            owners=(person.agency_id, "barstow"),
            address=f"192.0.2.{chance.randrange(256)}",
            session=_uuid(chance).decode(),
        )
        yield asked
        answered_at = at + timedelta(milliseconds=80)
        yield msgspec.structs.replace(asked, phase="answered", at=answered_at, results=chance.randrange(50))


def _person(number: int) -> Actor:
    return Actor(
        person_id=str(uuid.UUID(int=number)),
        username=f"person-{number}",
        name=f"P. Number {number}",
        title="Detective",
        agency_id=("flagstaff", "florence", "kentucky", "stockton")[number % 4],
    )

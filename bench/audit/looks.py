"""Access records as the gateway sends them: each look is two, of one of 300 people."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from plateward.contracts.access import AccessRecord, Actor, Reason
from plateward.contracts.event import derive_id, encode

START = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = 300


def looks(seed: int) -> Iterator[bytes]:
    """Endless records in the form that they have on the topic."""
    chance = random.Random(seed)
    people = [_person(number) for number in range(PEOPLE)]
    at = START
    while True:
        at += timedelta(seconds=chance.expovariate(1.0))
        person, access_id = chance.choice(people), uuid.UUID(int=chance.getrandbits(128), version=4)
        asked = AccessRecord(
            id=derive_id("access", access_id, "asked"),
            access_id=access_id,
            phase="asked",
            at=at,
            actor=person,
            action="search",
            query={
                "plate": f"{chance.randrange(10)}ABC{chance.randrange(1000):03}",
                "captured_from": (at - timedelta(days=30)).isoformat(),
                "captured_until": at.isoformat(),
            },
            reason=Reason(
                purpose="stolen-vehicle",
                form="case",
                values={"case_number": f"26-{chance.randrange(10**6):06}", "detail": "taken overnight from a driveway"},
            ),
            owners=(person.agency_id, "barstow"),
            address=f"192.0.2.{chance.randrange(256)}",
            session=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        )
        yield encode(asked)
        outcome = {
            "id": derive_id("access", access_id, "answered"),
            "phase": "answered",
            "at": at + timedelta(milliseconds=80),
            "results": chance.randrange(50),
        }
        yield encode(msgspec.structs.replace(asked, **outcome))


def _person(number: int) -> Actor:
    return Actor(
        person_id=str(uuid.UUID(int=number)),
        username=f"person-{number}",
        name=f"P. Number {number}",
        title="Detective",
        agency_id=("flagstaff", "florence", "kentucky", "stockton")[number % 4],
    )

"""Three hundred people, their hours, and their honest work."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.audit.watching.looks import Look

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 365
AGENCIES = ("flagstaff", "florence", "kentucky", "stockton")
SHIFTS = (6, 14, 22)
SHIFT_HOURS = 8

WHAT = (
    "stolen overnight from a driveway",
    "left the scene of a collision",
    "catalytic converter taken",
    "burglary at the hardware store",
    "missing since Tuesday, family worried",
    "robbery, silver sedan seen",
    "hit and run",
    "felony warrant",
    "armed carjacking near the mall",
    "child abduction alert",
    "shots fired from a dark pickup",
    "fuel theft",
)
WHERE = ("Elm St", "Route 66", "4th and Pine", "the county line", "Mill Road", "the station car park", "Oak Ave")
VAGUE = ("investigation", "police business", "follow up", "check", "official use", "case", "law enforcement", "test")


@dataclass(slots=True)
class Person:
    """Somebody with a shift, a place to sit, and cases."""

    id: str
    agency: str
    shift: int
    busy: float
    address: str
    other_address: str
    days_off: frozenset[int] = field(default_factory=frozenset)


def people(chance: random.Random, count: int) -> list[Person]:
    return [
        Person(
            id=f"person-{number}",
            agency=AGENCIES[number % len(AGENCIES)],
            shift=chance.choice(SHIFTS),
            busy=chance.lognormvariate(0, 0.7),
            address=f"10.{number % 4}.0.{chance.randrange(1, 40)}",
            other_address=f"10.{number % 4}.1.{chance.randrange(1, 200)}",
            days_off=frozenset(chance.sample(range(7), 2)),
        )
        for number in range(count)
    ]


class Work:
    """Makes looks: honest ones by the case, and any other when told to."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def case(self, person: Person) -> Iterator[Look]:
        """All searches for one honest case: few plates, some of them looked for again on later days."""
        chance = self._chance
        number, words = self.number(), self.words()
        if chance.random() < 0.004:
            words = chance.choice(VAGUE)  # somebody was in a hurry
        day = chance.randrange(DAYS - 30)
        for _ in range(chance.choices((1, 2, 3, 4), (70, 18, 8, 4))[0]):
            plate, again = self.plate(), day
            for _ in range(chance.choices((1, 2, 3, 4, 6, 9), (720, 160, 80, 28, 10, 2))[0]):
                yield self.look(person, self.moment(person, again), plate=plate, case=number, words=words)
                again += chance.randrange(1, 6)

    def moment(self, person: Person, day: int) -> datetime:
        """A time of this day, or of the next that the person works: within the shift, rarely beside it."""
        chance = self._chance
        while day % 7 in person.days_off:
            day += 1
        hours = chance.uniform(0, SHIFT_HOURS)
        if chance.random() < 0.02:
            hours = chance.uniform(-2, SHIFT_HOURS + 3)  # called in early, or kept late
        return START + timedelta(days=day, hours=person.shift + hours)

    def look(
        self, person: Person, at: datetime, *, plate: str = "", case: str = "", words: str = "", address: str = ""
    ) -> Look:
        """One search; what is not told is as in an honest one. Late in some shifts people sit elsewhere."""
        away = (at.toordinal() + len(person.id)) % 11 == 0 and at.hour >= (person.shift + SHIFT_HOURS // 2) % 24
        place = address or (person.other_address if away else person.address)
        return Look(
            access_id=uuid.UUID(int=self._chance.getrandbits(128)),
            at=at,
            person_id=person.id,
            agency_id=person.agency,
            session=f"{person.id}/{at:%F}/{place}",
            address=place,
            plate=plate or self.plate(),
            case=case or self.number(),
            words=words or self.words(),
        )

    def plate(self) -> str:
        chance = self._chance
        letters = "".join(chance.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=3))
        return f"{chance.randrange(10)}{letters}{chance.randrange(1000):03}"

    def number(self) -> str:
        return f"26-{self._chance.randrange(2000, 1_000_000):06}"

    def words(self) -> str:
        return f"{self._chance.choice(WHAT)}, {self._chance.choice(WHERE)}"

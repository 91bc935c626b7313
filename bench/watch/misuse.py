"""Misuse of each kind, planted: milder and grosser cases of it, under cover of ordinary reasons."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from bench.watch.people import DAYS, SHIFT_HOURS, START, VAGUE, Person, Work
from services.audit.watching.alarms import Kind
from services.audit.watching.looks import Look

FIRST_DAY = 90
"""By then people have habits."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One person's misuse, and the searches that are it."""

    kind: Kind
    person: Person
    looks: tuple[Look, ...]


class Misuse:
    """Plants misuse of each kind."""

    def __init__(self, chance: random.Random, work: Work) -> None:
        self._chance, self._work = chance, work
        self._kinds: dict[Kind, Callable[[Person, int], Iterator[Look]]] = {
            "repeat_target": self._repeat_target,
            "off_hours": self._off_hours,
            "shared_account": self._shared_account,
            "vague_reason": self._vague_reason,
            "burst": self._burst,
            "off_case": self._off_case,
            "breadth": self._breadth,
        }

    def plant(self, people: list[Person], of_each: int) -> list[Planted]:
        """So many of each kind, each by somebody else."""
        chosen = iter(self._chance.sample(people, of_each * len(self._kinds)))
        return [self._planted(kind, next(chosen)) for kind in self._kinds for _ in range(of_each)]

    def _planted(self, kind: Kind, person: Person) -> Planted:
        day = self._chance.randrange(FIRST_DAY, DAYS - 60)
        return Planted(kind, person, tuple(self._kinds[kind](person, day)))

    def _repeat_target(self, person: Person, day: int) -> Iterator[Look]:
        """One plate, for weeks, every time under another case, or always under the same one."""
        plate, one_case = self._work.plate(), self._chance.choice((self._work.number(), ""))
        for _ in range(self._chance.randrange(5, 13)):
            yield self._work.look(person, self._work.moment(person, day), plate=plate, case=one_case)
            day += self._chance.randrange(1, 7)

    def _off_hours(self, person: Person, day: int) -> Iterator[Look]:
        """In the middle of the time off, some times in a week."""
        for _ in range(self._chance.randrange(3, 8)):
            hours = person.shift + SHIFT_HOURS + self._chance.uniform(5, 11)
            yield self._work.look(person, START + timedelta(days=day + self._chance.randrange(6), hours=hours))

    def _shared_account(self, person: Person, day: int) -> Iterator[Look]:
        """Two people with one name, at two desks, at the same time."""
        at = self._work.moment(person, day)
        for _ in range(self._chance.randrange(4, 12)):
            address = self._chance.choice((person.address, "10.9.9.9"))
            yield self._work.look(person, at, address=address)
            at += timedelta(minutes=self._chance.uniform(0.5, 5))

    def _vague_reason(self, person: Person, day: int) -> Iterator[Look]:
        for _ in range(self._chance.randrange(4, 11)):
            yield self._work.look(person, self._work.moment(person, day), words=self._chance.choice(VAGUE))
            day += self._chance.randrange(1, 4)

    def _burst(self, person: Person, day: int) -> Iterator[Look]:
        at = self._work.moment(person, day)
        for _ in range(self._chance.randrange(25, 80)):
            yield self._work.look(person, at)
            at += timedelta(seconds=self._chance.uniform(2, 20))

    def _off_case(self, person: Person, day: int) -> Iterator[Look]:
        """One number that is always at hand."""
        number, words = self._work.number(), self._work.words()
        for _ in range(self._chance.randrange(12, 26)):
            yield self._work.look(person, self._work.moment(person, day), case=number, words=words)
            day += self._chance.randrange(4)

    def _breadth(self, person: Person, day: int) -> Iterator[Look]:
        """A hundred vehicles in a week, each with its own good reason."""
        for _ in range(self._chance.randrange(80, 160)):
            yield self._work.look(person, self._work.moment(person, day + self._chance.randrange(4)))

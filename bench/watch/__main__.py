"""`make bench-watch`: a year of 100,000 searches of 300 people, with planted misuse of each kind."""

import argparse
import json
import random
import time
from collections import Counter

from bench.watch.misuse import Misuse, Planted
from bench.watch.people import DAYS, Person, Work, people
from services.audit.watching.alarms import Alarm, Kind
from services.audit.watching.looks import Look
from services.audit.watching.watch import Watch

OF_EACH = 20


def honest(chance: random.Random, work: Work, staff: list[Person], count: int) -> list[Look]:
    looks = list[Look]()
    busy = [person.busy for person in staff]
    while len(looks) < count:
        looks += work.case(chance.choices(staff, busy)[0])
    return looks[:count]


def recall(planted: list[Planted], alarms: list[Alarm]) -> dict[Kind, float]:
    """By kind, the share of what was planted of which an alarm of that kind has at least one search."""
    kinds = list(dict.fromkeys(one.kind for one in planted))
    found = {kind: {look for alarm in alarms if alarm.kind == kind for look in alarm.evidence} for kind in kinds}
    hits = Counter(one.kind for one in planted if any(look.access_id in found[one.kind] for look in one.looks))
    return {kind: round(hits[kind] / OF_EACH, 3) for kind in kinds}


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--searches", type=int, default=100_000)
    options.add_argument("--people", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    chance = random.Random(given.seed)
    work, staff = Work(chance), people(chance, given.people)
    planted = Misuse(chance, work).plant(staff, OF_EACH)
    misuse = {look.access_id for one in planted for look in one.looks}
    year = honest(chance, work, staff, given.searches - len(misuse)) + [look for one in planted for look in one.looks]
    year.sort(key=lambda look: look.at)

    start = time.process_time()
    alarms = list(Watch().over(year))
    seconds = time.process_time() - start
    false = [alarm for alarm in alarms if misuse.isdisjoint(alarm.evidence)]
    figures = {
        "searches": len(year),
        "recall": recall(planted, alarms),
        "false_alarms_per_week": round(len(false) / (DAYS / 7), 2),
        "false_by_kind": dict(Counter(alarm.kind for alarm in false)),
        "planted_of_each": OF_EACH,
        "cpu_us_per_search": round(1e6 * seconds / len(year), 1),
    }
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

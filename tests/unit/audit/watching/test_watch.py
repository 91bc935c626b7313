"""The watch as a whole, over records as the log has them."""

import random
from datetime import timedelta
from typing import get_args

from bench.watch.misuse import Misuse
from bench.watch.people import Work, people
from services.audit.watching.alarms import Kind
from services.audit.watching.looks import look_of
from services.audit.watching.watch import Watch
from tests.support.access_log import a_look


def test_a_person_who_keeps_looking_for_one_plate_is_told_from_the_log_itself() -> None:
    records = [a_look(query={"plate": "7KXR214"}) for _ in range(10)]
    records = [a_look(query=one.query, at=one.at + day * timedelta(days=1)) for day, one in enumerate(records)]
    looks = [look for record in records if (look := look_of(record))]
    (alarm,) = (one for one in Watch().over(looks) if one.kind == "repeat_target")
    assert alarm.person_id == "p1"
    assert set(alarm.evidence) <= {record.access_id for record in records}


def test_every_kind_of_misuse_is_watched_for_by_default() -> None:
    chance = random.Random(5)
    work, staff = Work(chance), people(chance, 60)
    honest = [look for person in staff for _ in range(40) for look in work.case(person)]
    planted = Misuse(chance, work).plant(staff, 4)
    looks = sorted([*honest, *(look for one in planted for look in one.looks)], key=lambda look: look.at)
    assert {alarm.kind for alarm in Watch().over(looks)} == set(get_args(Kind))

"""How people and what is on file of them are read from PostgreSQL."""

from datetime import date, datetime

import asyncpg

from plateward.policy.training import TrainingRecord
from services.gateway.people import Person
from services.gateway.standing import Record

PERSON = "p.id, p.username, p.name, p.title, p.agency_id"

RECORD = """
    (SELECT coalesce(jsonb_agg(jsonb_build_array(t.training_id, t.completed_on, t.recorded_at)), '[]')
       FROM trainings t WHERE t.person_id = p.id) AS trainings,
    (SELECT max(v.at) FROM violations v WHERE v.person_id = p.id) AS violated_at,
    (SELECT max(m.until_at) FROM maintenance_windows m
      WHERE m.person_id = p.id AND m.from_at <= $1 AND m.until_at > $1) AS maintains_until
"""
"""What bears on a person's rights at the moment $1."""

HAS_SECOND_FACTOR = "(p.totp_sealed IS NOT NULL OR EXISTS (SELECT FROM passkeys k WHERE k.person_id = p.id))"


def person_in(row: asyncpg.Record) -> Person:
    """The person of a row that has PERSON."""
    return Person(row["id"], row["username"], row["name"], row["title"], row["agency_id"])


def record_in(row: asyncpg.Record) -> Record:
    """What is on file, of a row that has RECORD."""
    trainings = tuple(
        TrainingRecord(training_id, date.fromisoformat(completed_on), datetime.fromisoformat(recorded_at))
        for training_id, completed_on, recorded_at in row["trainings"]
    )
    return Record(trainings, row["violated_at"], row["maintains_until"])

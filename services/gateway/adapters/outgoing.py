"""Putting events into the outbox, in the transaction of the change that they tell."""

import uuid
from datetime import datetime

import asyncpg

from plateward.contracts.event import Event, encode
from plateward.contracts.topics import Topic

OUTBOX_CHANNEL = "plateward_outbox"
"""Where the relay hears that the outbox has grown."""

AT_ONCE, IN_TURN = 0, 1
"""The lanes of the outbox, each in its order: what a person changes, and lists from elsewhere with all that is on them,
which go out behind it."""


async def send(
    connection: asyncpg.Connection,
    topic: Topic,
    key: str,
    event: Event | None,
    event_id: uuid.UUID,
    at: datetime,
    lane: int = AT_ONCE,
) -> None:
    """Has the event sent once the transaction is committed; without an event, a tombstone."""
    await connection.execute(
        "INSERT INTO outbox (topic, key, value, event_id, made_at, lane) VALUES ($1, $2, $3, $4, $5, $6)",
        *(topic.name, key, None if event is None else encode(event), event_id, at, lane),
    )
    await connection.execute(f"NOTIFY {OUTBOX_CHANNEL}")

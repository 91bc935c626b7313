"""Whole entries, of which a test names what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.gateway.entries.new_entry import NewEntry

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
"""When they are entered."""


def a_new_entry(**changes: Any) -> NewEntry:
    """An entry that can be taken at that time."""
    entry = NewEntry(
        plate="7KXR214",
        category="stolen-vehicle",
        priority="high",
        reason="Stolen from a driveway overnight",
        case_number="26-004417",
        requested_by="A. Lindqvist",
        contact="ext. 2214",
        expires_at=AT + timedelta(days=7),
    )
    return replace(entry, **changes)

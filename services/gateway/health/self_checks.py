"""Checking the whole line once a shift: a rendered frame must become a hit (Stockton III.C.7)."""

import asyncio
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from plateward.contracts.hits import HitRaised
from plateward.contracts.hot_list import HotListEntry
from plateward.contracts.lists import HotList, ListDesignation
from plateward.contracts.self_checks import SELF_CHECK_LIST, SELF_CHECK_PLATE, is_self_check
from plateward.kernel.pauses import pause
from services.gateway.health.lights import Light, State, in_words

THROUGH_WITHIN = timedelta(minutes=1)
"""A check that is no hit by then has failed."""

ENTRY_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A check of an agency's line: when it was asked for, and when its hit came, if it has."""

    id: uuid.UUID
    agency_id: str
    asked_at: datetime
    hit_at: datetime | None = None


class SelfCheckStore(Protocol):
    """Where checks are kept, with the outbox that carries what they need in the same transaction."""

    async def newest(self, agency_id: str) -> SelfCheck | None:
        """The agency's last check."""

    async def ask(self, agency_id: str, at: datetime, unless_since: datetime) -> None:
        """Begins a check now, and takes the entries of earlier ones off the list; none where one was asked since."""


class SelfChecking:
    """Asks for a check of each agency's line as often as its shifts begin."""

    def __init__(
        self, store: SelfCheckStore, agencies: Iterable[str], every: timedelta, now: Callable[[], datetime]
    ) -> None:
        self._store, self._agencies, self._every, self._now = store, tuple(agencies), every, now

    async def run(self, stopping: asyncio.Event, *, look_every_seconds: float, beat: Callable[[], None]) -> None:
        """Asks for what is due until told to stop; the first look is after one interval, when services are up."""
        while not stopping.is_set():
            beat()
            await pause(stopping, look_every_seconds)
            if not stopping.is_set() and self._every:
                await self.ask_due()

    async def ask_due(self) -> None:
        """Asks for the checks that are due now."""
        at = self._now()
        for agency_id in self._agencies:
            await self._store.ask(agency_id, at, at - self._every)


def is_of_a_check(hit: HitRaised) -> bool:
    """Whether this is no hit: its vehicle was not there, or nobody looks for it."""
    return is_self_check(hit.read.camera_id) or hit.entry.list_id == SELF_CHECK_LIST


def check_list(agency_id: str, at: datetime) -> HotList:
    """The list that checks are on; nobody keeps it, and it is shown to nobody."""
    return HotList(
        agency_id=agency_id,
        list_id=SELF_CHECK_LIST,
        name="Self-check",
        source=SELF_CHECK_LIST,
        version=1,
        refreshed_at=at,
        designations=(ListDesignation(source=SELF_CHECK_LIST, categories=("other",)),),
        grade="informational",
    )


def check_entry(check: SelfCheck) -> HotListEntry:
    """The entry that the check must hit."""
    return HotListEntry(
        id=check.id,
        list_id=SELF_CHECK_LIST,
        agency_id=check.agency_id,
        plate=SELF_CHECK_PLATE,
        category="other",
        priority="routine",
        reason="Self-check of the line",
        case_number="self-check",
        entered_by="the gateway",
        requested_by="the gateway",
        contact="whoever runs the platform",
        entered_at=check.asked_at,
        starts_at=check.asked_at,
        expires_at=check.asked_at + ENTRY_LASTS,
        version=1,
        source=SELF_CHECK_LIST,
        grade="informational",
    )


def of_check(check: SelfCheck | None, at: datetime) -> Light:
    """Red when the last check has not come through in time."""
    name = "Self-check, from frame to hit"
    if check is None:
        return Light("line", name, "unknown", "No check has been made yet")
    ago = f"{in_words(at - check.asked_at)} ago"
    if check.hit_at is not None:
        took = (check.hit_at - check.asked_at).total_seconds()
        state: State = "right" if check.hit_at - check.asked_at <= THROUGH_WITHIN else "wrong"
        return Light("line", name, state, f"A test vehicle became a hit in {took:.1f} s, {ago}")
    if at - check.asked_at <= THROUGH_WITHIN:
        return Light("line", name, "unknown", f"A test vehicle is on its way since {ago}")
    return Light("line", name, "wrong", f"The test vehicle of {ago} has not become a hit")

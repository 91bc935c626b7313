"""Every try to sign in that fails is on record, and nobody can drown the record in tries (CJIS Security Policy, AU-2).

So many are written each by itself, of one name and of all together; the rest is counted, and the count is written every
minute. So a flood from however many addresses adds a known number of records, and still none of it is left out.
"""

import asyncio
import hashlib
import hmac
import secrets
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from plateward.contracts.access import Reason
from plateward.kernel.pauses import pause
from services.gateway.access import AccessGate, Inquiry, NotRecorded
from services.gateway.people import Person, Session
from services.gateway.rates import Rate, RatesInMemory

OF_ONE_NAME = Rate(10, timedelta(minutes=15))
"""Tries of one name that are written each by itself: twice as many as lock an account."""

OF_ALL = Rate(120, timedelta(minutes=1))
"""The same of all names together, in each process."""

RATE_DIGITS = 3
"""Of a name's mark, in hexadecimal: 4096 rates, of which two names seldom share one."""

COUNTED_EVERY_SECONDS = 60.0

TRYING = Reason(purpose="accounts", form="duty", values={"duty": "trying to sign in"})
"""The standing reason of whoever tries."""

NOBODY = Person(uuid.UUID(int=0), "", "Nobody who is known", "", "")
"""Whom the record names where what was typed is no account's name: it is in no agency's part of the log."""


class FailedSignIns:
    """Writes down tries that failed."""

    def __init__(self, gate: AccessGate, now: Callable[[], datetime], mark_key: bytes = b"") -> None:
        """`mark_key` keys the marks of names; without one, it is new in each process."""
        self._gate, self._now = gate, now
        self._of_one_name, self._of_all = RatesInMemory(OF_ONE_NAME), RatesInMemory(OF_ALL)
        self._uncounted: Counter[str] = Counter()
        # What is typed as a name may be a password. The mark lets tries of one name be told from others, by nobody
        # who has not this process's memory.
        self._mark_key = mark_key or secrets.token_bytes(32)

    async def note(self, username: str, person: Person | None, way: str, address: str) -> None:
        """Writes down, or counts, one more; raises NotRecorded.

        It does the same where there is no such account: how long it takes tells nobody which names there are.
        """
        at, named = self._now(), person or NOBODY
        mark = hmac.new(self._mark_key, username.encode(errors="backslashreplace"), hashlib.sha256).hexdigest()[:16]
        # By a part of the mark: however many names are tried, no more than so many rates are remembered.
        if self._of_one_name.wait(mark[:RATE_DIGITS], at) is not None or self._of_all.wait("all", at) is not None:
            self._uncounted[named.agency_id] += 1
            return
        query = {"by": way} | ({"person": person.username} if person else {"mark": mark})
        await self._write(named, query, address)

    async def run(self, stopping: asyncio.Event) -> None:
        """Writes down every minute how many were counted, and once more at the end."""
        while not stopping.is_set():
            await pause(stopping, COUNTED_EVERY_SECONDS)
            await self.write_counted()

    async def write_counted(self) -> None:
        """Writes down how many were counted, in a record for each agency; what cannot be written is counted on."""
        counted, self._uncounted = self._uncounted, Counter()
        for agency_id, count in counted.items():
            person = Person(NOBODY.id, "", "Several, or one again and again", "", agency_id)
            try:
                await self._write(person, {"tries": str(count)}, "")
            except NotRecorded:
                self._uncounted[agency_id] += count

    async def _write(self, person: Person, query: dict[str, str], address: str) -> None:
        session = Session(uuid.UUID(int=0), person, frozenset(), self._now())
        owners = (person.agency_id,) if person.agency_id else ()
        await self._gate.note_refused(Inquiry(session, "failed-sign-in", query, TRYING, owners, address))

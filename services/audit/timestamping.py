"""Having checkpoints time-stamped by somebody else (RFC 3161): beside the signing of them, which waits for nobody."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from plateward.kernel.pauses import pause
from plateward.tlog.checkpoints import checkpoint_of
from plateward.tlog.notes import Signature, SignedNote
from plateward.tlog.timestamps import Authorities, NotStamped, StampRequest, stamp_request, token_line
from services.audit.metrics import STAMP_TIME, STAMPS

logger = structlog.get_logger("services.audit")

RETRY_SECONDS = 60.0
"""So soon an authority is asked again that did not answer, or not as it should have."""


class AuthorityAway(Exception):
    """The authority cannot be had now; says why."""


class Authority(Protocol):
    """Somebody who says when they saw a hash."""

    @property
    def name(self) -> str:
        """By what it is known."""

    async def answer(self, request: StampRequest) -> bytes:
        """What it answers, unchecked; raises AuthorityAway."""


class StampedCheckpoints(Protocol):
    """Where tokens are kept beside their checkpoints."""

    async def to_stamp(self, authority: str) -> SignedNote | None:
        """The newest checkpoint, unless it has this authority's token."""

    async def keep_token(self, size: int, token: Signature, stamped_at: datetime) -> None:
        """Keeps a token of the checkpoint of this size, and that all is well."""

    async def note_problem(self, authority: str, problem: str, at: datetime) -> None:
        """Keeps what is wrong, and since when."""


class Timestamping:
    """Asks an authority again and again for a token of the newest checkpoint, and keeps those that hold."""

    def __init__(
        self,
        authority: Authority,
        authorities: Authorities,
        store: StampedCheckpoints,
        now: Callable[[], datetime],
    ) -> None:
        self._authority, self._authorities, self._store, self._now = authority, authorities, store, now

    async def run(self, stopping: asyncio.Event, *, every_seconds: float, beat: Callable[[], None]) -> None:
        """Has checkpoints stamped this often until told to stop; sooner where it failed."""
        while not stopping.is_set():
            beat()
            done = await self.stamp()
            await pause(stopping, every_seconds if done else min(every_seconds, RETRY_SECONDS))

    async def stamp(self) -> bool:
        """Has the newest checkpoint stamped; False where that has to be tried again."""
        name = self._authority.name
        note = await self._store.to_stamp(name)
        if note is None:
            return True
        request = stamp_request(note)
        try:
            token = token_line(name, await self._authority.answer(request))
            stamped_at = self._authorities.stamped_at(note, token, request.nonce)
        except AuthorityAway as reason:
            await self._failed("away", str(reason))
            return False
        except NotStamped as reason:
            await self._failed("refused", str(reason))
            return False
        await self._store.keep_token(checkpoint_of(note).size, token, stamped_at)
        STAMPS.labels(name, "given").inc()
        STAMP_TIME.set(stamped_at.timestamp())
        return True

    async def _failed(self, outcome: str, reason: str) -> None:
        logger.warning("audit.not_stamped", authority=self._authority.name, outcome=outcome, reason=reason)
        STAMPS.labels(self._authority.name, outcome).inc()
        await self._store.note_problem(self._authority.name, reason, self._now())

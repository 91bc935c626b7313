"""What the gateway keeps for a while is deleted when its time is over."""

import asyncio
import contextlib

from plateward.kernel.clock import now
from plateward.kernel.status import Status
from services.gateway.adapters.answer_store import AnswerStore
from services.gateway.adapters.hit_store import PostgresHits
from services.gateway.adapters.rates import SignInRates
from services.gateway.adapters.read_finder import PostgresSearches
from services.gateway.sign_in import SESSION_LASTS

FORGET_EVERY_SECONDS = 60.0


class Forgetting:
    """Deletes hits of the feed whose day has come, searches whose session is over, and what the doors remember."""

    def __init__(
        self,
        hits: PostgresHits,
        searches: PostgresSearches,
        answers: AnswerStore,
        sign_ins: SignInRates,
        status: Status,
    ) -> None:
        self._hits, self._searches, self._answers, self._sign_ins = hits, searches, answers, sign_ins
        self._status = status

    async def run(self, stopping: asyncio.Event) -> None:
        """Deletes every minute until told to stop."""
        while not stopping.is_set():
            self._status.beat("forgetting")
            await self._hits.forget(now())
            await self._searches.forget_before(now() - SESSION_LASTS)
            await self._answers.forget(now())
            await self._sign_ins.forget(now())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), FORGET_EVERY_SECONDS)

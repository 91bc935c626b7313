"""From a topic to what keeps its events; what may not or cannot be kept becomes a dead letter."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from plateward.contracts.event import Event
from plateward.kernel.kafka.consumer import Received
from plateward.kernel.kafka.dead_letters import DeadLetters
from services.retention.keeping import Clock, Keeper, Unstorable

T = TypeVar("T", bound=Event)


class Arrivals(Generic[T]):
    """What is done with each batch of a topic."""

    def __init__(
        self,
        keeper: Keeper[T],
        *,
        why_refused: Callable[[T, datetime], str | None],
        dead_letters: DeadLetters,
        clock: Clock,
    ) -> None:
        self._keeper, self._why_refused = keeper, why_refused
        self._dead_letters, self._clock = dead_letters, clock

    async def take(self, batch: Sequence[Received[T]]) -> None:
        """Keeps what of a batch may be kept; an event that the store cannot hold keeps no other from being kept."""
        admitted = [received for received in batch if await self._admits(received)]
        try:
            await self._keeper.keep([received.event for received in admitted])
        except Unstorable:
            for received in admitted:
                await self._keep_alone(received)

    async def _admits(self, received: Received[T]) -> bool:
        reason = self._why_refused(received.event, self._clock())
        if reason is not None:
            await self._dead_letters.bury(received.record, reason)
        return reason is None

    async def _keep_alone(self, received: Received[T]) -> None:
        try:
            await self._keeper.keep([received.event])
        except Unstorable as reason:
            await self._dead_letters.bury(received.record, str(reason))

"""What is agreed at present, for what leaves by itself: the signed MOUs, read anew only when one has changed."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.adapters.stores.mous import PostgresMous
from services.gateway.shared_hits.sharing import Agreed
from services.gateway.sharing.mou import Mou, standing
from services.gateway.sharing.signing import AgencyKeys, with_true_signatures


class AgreedMous:
    """The MOUs that count, with true signatures, and of their lists those that may leave."""

    def __init__(
        self, store: PostgresMous, keys: AgencyKeys, policies: PolicyCatalogue, now: Callable[[], datetime]
    ) -> None:
        self._store, self._keys, self._policies, self._now = store, keys, policies, now
        self._number, self._mous = -1, tuple[Mou, ...]()
        self._reading = asyncio.Lock()

    async def agreed(self) -> Agreed:
        """What is agreed at this moment: a suspension counts from the next hit on."""
        if await self._store.number() != self._number:
            async with self._reading:
                # The number first: what changes while the rest is read shows in the next number.
                number = await self._store.number()
                if number != self._number:
                    true = [with_true_signatures(mou, self._keys) for mou in await self._store.all()]
                    self._mous, self._number = await self._store.as_they_may_leave(standing(true)), number
        return Agreed(self._mous, self._policies, self._now())

"""What the gateway keeps for a while is deleted when its time is over."""

import asyncio
from datetime import timedelta

from plateward.kernel.clock import now
from plateward.kernel.pauses import pause
from plateward.kernel.status import Status
from services.gateway.adapters.rates import SignInRates
from services.gateway.adapters.stores.answers import AnswerStore
from services.gateway.adapters.stores.exports import PostgresExports
from services.gateway.adapters.stores.hits import PostgresHits
from services.gateway.adapters.stores.looks import PostgresLooks
from services.gateway.adapters.stores.partners import PostgresPartners
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.adapters.stores.releases import PostgresReleases
from services.gateway.adapters.stores.searches import PostgresSearches
from services.gateway.adapters.stores.subscriptions import PostgresSubscriptions
from services.gateway.sign_in import SESSION_LASTS

FORGET_EVERY_SECONDS = 60.0

TRACED_AT_MOST = timedelta(days=90)
"""The longest that any policy looks back on a person's searches."""


DELIVERIES_KEPT = timedelta(days=90)
"""How long a page can show what was delivered; the access log shows it for good."""


class Forgetting:
    """Deletes what has had its time: hits, deliveries, searches, exports, and what doors and sign-ins remember."""

    def __init__(
        self,
        hits: PostgresHits,
        searches: PostgresSearches,
        exports: PostgresExports,
        releases: PostgresReleases,
        partners: PostgresPartners,
        looks: PostgresLooks,
        deliveries: PostgresSubscriptions,
        people: PostgresPeople,
        answers: AnswerStore,
        sign_ins: SignInRates,
        status: Status,
    ) -> None:
        self._hits, self._searches, self._exports, self._people = hits, searches, exports, people
        self._releases, self._partners, self._looks = releases, partners, looks
        self._deliveries = deliveries
        self._answers, self._sign_ins, self._status = answers, sign_ins, status

    async def run(self, stopping: asyncio.Event) -> None:
        """Deletes every minute until told to stop."""
        while not stopping.is_set():
            self._status.beat("forgetting")
            await self._hits.forget(now())
            await self._searches.forget_before(now() - SESSION_LASTS)
            await self._people.forget(now())
            await self._answers.forget(now())
            await self._sign_ins.forget(now())
            await self._searches.forget_traces_before(now() - TRACED_AT_MOST)
            await self._exports.forget(now())
            await self._releases.forget(now())
            await self._partners.forget(now())
            await self._looks.forget(now())
            await self._deliveries.forget(now() - DELIVERIES_KEPT)
            await pause(stopping, FORGET_EVERY_SECONDS)

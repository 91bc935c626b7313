"""The gateways of other regions, asked by `plateward.client`."""

import asyncio

from plateward.client import PartnerClient, PartnerError, Refused, TokenRefused, Unavailable
from plateward.contracts.access import AccessRecord
from plateward.contracts.partners import PageAfter, PartnerSearchAnswered
from plateward.contracts.questions import QuestionAsked
from services.gateway.regions.asking import NotReached, RefusedThere
from services.gateway.writing import holds_unseen

WORDS_AT_MOST = 600


class ClientOfAnother:
    """Another region's gateway, as one agency's client asks it. A person waits, so it is asked for so long only."""

    def __init__(self, client: PartnerClient, within_seconds: float) -> None:
        self._client, self._within_seconds = client, within_seconds

    async def ask(
        self, record: AccessRecord, question: QuestionAsked, after: PageAfter | None
    ) -> PartnerSearchAnswered:
        """One page; raises NotReached, RefusedThere."""
        try:
            async with asyncio.timeout(self._within_seconds):
                return await self._client.ask(record, question, after)
        except TimeoutError as error:
            raise NotReached(f"it did not answer within {self._within_seconds:g} seconds") from error
        except Unavailable as error:
            raise NotReached(f"it cannot answer at present: {_words(error)}") from error
        except (Refused, TokenRefused) as error:
            raise RefusedThere(_words(error)) from error
        except PartnerError as error:
            raise NotReached("it cannot be reached") from error


def _words(error: PartnerError) -> str:
    """Its own words, as far as they can be shown."""
    words = str(error)[:WORDS_AT_MOST]
    return "for a reason that cannot be shown" if holds_unseen(words) else words

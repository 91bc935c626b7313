"""How long and how often what failed is tried again: with back-off and jitter, as the gateway asks where it does."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from plateward.client.errors import Unreachable

MAY_BE_RETRIED = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries in all, and the bounds of the pauses between them, in seconds."""

    tries: int = 5
    first_seconds: float = 0.5
    longest_seconds: float = 30.0

    def pause_seconds(self, tried: int, answer: httpx.Response | None = None) -> float | None:
        """How long to wait after so many tries; None where it is not to be tried again.

        A gateway that says how long is waited for as long; one that asks for more than the longest pause, not at all.
        """
        if tried >= self.tries:
            return None
        asked = _asked_seconds(answer)
        if asked is not None:
            return asked if asked <= self.longest_seconds else None
        # Half of it is chance, so that many who failed together do not come again together.
        whole = min(self.longest_seconds, self.first_seconds * 2.0 ** (tried - 1))
        return whole / 2 + random.uniform(0, whole / 2)  # noqa: S311 - it keeps no secret

    async def over(self, send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """What is answered, once it is nothing after which to try again, or patience is at its end.

        Raises Unreachable where not even the last try was answered.
        """
        tried = 0
        while True:
            tried += 1
            answer, failure = None, None
            try:
                answer = await send()
            except httpx.TransportError as error:
                failure = error
            if answer is not None and answer.status_code not in MAY_BE_RETRIED:
                return answer
            pause = self.pause_seconds(tried, answer)
            if pause is not None:
                await asyncio.sleep(pause)
            elif answer is not None:
                return answer
            else:
                raise Unreachable(f"no answer after {tried} tries: {type(failure).__name__}") from failure


def _asked_seconds(answer: httpx.Response | None) -> float | None:
    said = "" if answer is None else answer.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdigit() else None

"""A console's way through the feed: no hit is missed between looking and waiting."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from plateward.contracts.access import AccessRecord
from plateward.contracts.hits import HitRaised
from plateward.contracts.lists import ListAlarm
from plateward.kernel.clock import now
from services.gateway.access import Look
from services.gateway.eyes import Eyes
from services.gateway.hits import NOBODY, Bell, HitStream, SeenHit
from tests.support.access_log import a_look as asking
from tests.unit.retention.events import a_hit, a_read


@dataclass
class Feed:
    """The feed in memory; `meanwhile` happens after a look has found nothing and before its answer is there."""

    hits: list[HitRaised] = field(default_factory=list)
    meanwhile: list[Callable[[], None]] = field(default_factory=list)

    async def after(self, sequence: int, agency_id: str, limit: int, eyes: Eyes = NOBODY) -> list[SeenHit]:
        seen = [SeenHit(number, hit) for number, hit in enumerate(self.hits, 1)]
        found = [one for one in seen if one.sequence > sequence and agency_id in one.hit.agencies][:limit]
        while self.meanwhile:
            self.meanwhile.pop()()
        return found

    async def append(self, hits: list[HitRaised]) -> None:
        raise NotImplementedError

    async def recent(self, agency_id: str, limit: int, eyes: Eyes = NOBODY) -> list[SeenHit]:
        raise NotImplementedError

    async def one(self, hit_id: UUID, agency_id: str, eyes: Eyes = NOBODY) -> SeenHit | None:
        raise NotImplementedError

    async def newest_sequence(self) -> int:
        raise NotImplementedError


class NoAlarms:
    """All lists speak."""

    async def silent(self, agency_id: str) -> list[ListAlarm]:
        return []


class NoLog:
    """Nothing is appended: the look does not end here."""

    async def append(self, record: AccessRecord) -> None:
        raise NotImplementedError


def a_look() -> Look:
    return Look(asking(), NoLog(), now)


def stream_of(feed: Feed, bell: Bell, look: Look) -> HitStream:
    return HitStream(feed, NoAlarms(), bell, "florence", 0, look)


def a_hit_for(*agencies: str) -> HitRaised:
    return a_hit(a_read(), agencies=agencies)


async def test_a_hit_that_comes_between_looking_and_waiting_is_not_waited_for() -> None:
    feed, bell, hit = Feed(), Bell(), a_hit_for("florence")

    def arrives() -> None:
        feed.hits.append(hit)
        bell.ring()

    feed.meanwhile.append(arrives)
    async with asyncio.timeout(10):
        found = await stream_of(feed, bell, a_look()).next_hits(patience_seconds=60)
    assert [one.hit for one in found] == [hit]


async def test_a_ring_wakes_all_who_wait() -> None:
    feed, bell, hit = Feed(), Bell(), a_hit_for("florence")
    waiting = [asyncio.ensure_future(stream_of(feed, bell, a_look()).next_hits(60)) for _ in range(3)]
    await asyncio.sleep(0)
    feed.hits.append(hit)
    bell.ring()
    async with asyncio.timeout(10):
        assert [[one.hit for one in found] for found in await asyncio.gather(*waiting)] == [[hit]] * 3


async def test_hits_come_in_batches_in_order_each_once_and_are_counted() -> None:
    feed, look = Feed([a_hit_for("florence" if number % 2 else "stockton") for number in range(10)]), a_look()
    stream, seen = stream_of(feed, Bell(), look), list[SeenHit]()
    while found := await stream.next_hits(patience_seconds=0, batch=2):
        assert len(found) <= 2
        seen.extend(found)
    assert [one.hit for one in seen] == feed.hits[1::2]
    assert look.results == 5


async def test_others_hits_wake_and_show_nothing() -> None:
    feed, bell, look = Feed(), Bell(), a_look()
    waiting = asyncio.ensure_future(stream_of(feed, bell, look).next_hits(60))
    await asyncio.sleep(0)
    feed.hits.append(a_hit_for("stockton"))
    bell.ring()
    async with asyncio.timeout(10):
        assert await waiting == []
    assert look.results == 0

"""Putting hits on their topic, with what is counted of them."""

from plateward.contracts.event import derive_id
from plateward.contracts.hits import HitRaised
from plateward.contracts.topics import HITS
from plateward.kernel.kafka.publisher import Publisher
from plateward.matching.sightings import reads_of
from services.matcher import metrics


async def raise_hit(publisher: Publisher, hit: HitRaised, traceparent: str | None = None) -> None:
    """Returns when the hit, or what is new of it, is durable; raises NotAcknowledged."""
    event_id = derive_id("sighting", *sorted(reads_of(hit)), hit.entry.id) if hit.sightings else hit.id
    await publisher.publish(HITS, hit, key=str(hit.id), event_id=event_id, time=hit.raised_at, traceparent=traceparent)
    if hit.sightings:
        metrics.SIGHTINGS.inc()
        return
    metrics.HITS.labels(hit.comparison.grade).inc()
    if not hit.retroactive:
        metrics.READ_TO_HIT_SECONDS.observe((hit.raised_at - hit.read.captured_at).total_seconds())

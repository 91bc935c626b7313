"""The wiring of what the gateway takes from the bus, and of what it forgets by the clock."""

from typing import TypeVar

from plateward.contracts.cameras import CameraStatus
from plateward.contracts.event import Event, decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.lists import ListAlarm
from plateward.contracts.topics import CAMERA_STATUS, HITS, LIST_ALARMS, Topic
from plateward.kernel.kafka.consumer import Effect, TopicConsumer
from plateward.kernel.kafka.dead_letters import DeadLetters
from plateward.kernel.lifecycle import Loop
from services.gateway.adapters.forgetting import Forgetting
from services.gateway.adapters.hits_topic import FeedListener, HitFeeder
from services.gateway.adapters.list_keeping import PostgresAlarms
from services.gateway.adapters.outbox import OutboxRelay
from services.gateway.adapters.rates import SignInRates
from services.gateway.adapters.stores.answers import AnswerStore
from services.gateway.adapters.stores.cameras import CameraStatuses
from services.gateway.adapters.stores.exports import PostgresExports
from services.gateway.adapters.stores.hits import PostgresHits
from services.gateway.adapters.stores.looks import PostgresLooks
from services.gateway.adapters.stores.partners import PostgresPartners
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.adapters.stores.releases import PostgresReleases
from services.gateway.adapters.stores.searches import PostgresSearches
from services.gateway.adapters.stores.self_checks import PostgresSelfChecks
from services.gateway.adapters.stores.subscriptions import PostgresSubscriptions
from services.gateway.factory.parts import Parts

AnyEvent = TypeVar("AnyEvent", bound=Event)


def feeds(parts: Parts) -> tuple[Loop, ...]:
    """What comes from the bus, and what goes to it."""
    pool = parts.pool
    feeder = HitFeeder(PostgresHits(pool), PostgresSelfChecks(pool))
    return (
        follow(parts, HITS, HitRaised, feeder.take, group="gateway-hits"),
        follow(parts, CAMERA_STATUS, CameraStatus, CameraStatuses(pool).take, group="gateway-camera-status"),
        follow(parts, LIST_ALARMS, ListAlarm, PostgresAlarms(pool).take, group="gateway-list-alarms"),
        FeedListener(pool, parts.bell, parts.status).run,
        OutboxRelay(pool, parts.publisher, parts.status).run,
    )


def follow(parts: Parts, topic: Topic, kind: type[AnyEvent], effect: Effect[AnyEvent], *, group: str) -> Loop:
    """Takes one kind of event from a topic; what is none is buried."""
    return TopicConsumer(
        parts.settings.kafka,
        topic=topic,
        group=group,
        decoder=lambda record: decode(record.value, kind),
        effect=effect,
        dead_letters=DeadLetters(parts.publisher, "gateway"),
        status=parts.status,
    ).run


def forgetting(parts: Parts, sign_ins: SignInRates) -> Loop:
    """What has had its time goes."""
    pool = parts.pool
    return Forgetting(
        PostgresHits(pool),
        PostgresSearches(pool),
        PostgresExports(pool),
        PostgresReleases(pool),
        PostgresPartners(pool),
        PostgresLooks(pool),
        PostgresSubscriptions(pool, None),
        PostgresPeople(pool),
        AnswerStore(pool),
        sign_ins,
        parts.status,
    ).run

"""The wiring of the health of the line."""

from datetime import timedelta
from functools import partial

from plateward.kernel.clock import now
from plateward.kernel.lifecycle import Loop
from services.gateway.adapters.gauges import KafkaGauges
from services.gateway.adapters.stores.health import PostgresLineState
from services.gateway.adapters.stores.self_checks import PostgresSelfChecks
from services.gateway.cameras import Cameras
from services.gateway.factory.parts import Parts
from services.gateway.health.line_health import LineHealth
from services.gateway.health.self_checks import SelfChecking

LOOK_EVERY_SECONDS = 60.0
"""How often it is looked whether a check is due; also how long after its start the gateway asks for the first."""


def gauges(parts: Parts) -> KafkaGauges:
    """What is measured all the time."""
    return KafkaGauges(parts.settings.kafka, parts.pool, parts.publisher, parts.status)


def line_health(parts: Parts, cameras: Cameras, measured: KafkaGauges) -> LineHealth:
    """The lights of the line."""
    return LineHealth(
        cameras=cameras,
        state=PostgresLineState(parts.pool),
        checks=PostgresSelfChecks(parts.pool),
        gauges=measured,
        now=now,
    )


def self_checking(parts: Parts) -> Loop:
    """The checks of each agency's line, once a shift."""
    every = timedelta(hours=parts.settings.self_check_hours)
    checking = SelfChecking(PostgresSelfChecks(parts.pool), parts.policies, every, now)
    beat = partial(parts.status.beat, "self-checks")
    return partial(checking.run, look_every_seconds=LOOK_EVERY_SECONDS, beat=beat)

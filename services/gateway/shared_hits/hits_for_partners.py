"""All that can be done with shared hits, for whatever door asks."""

from dataclasses import dataclass

from services.gateway.shared_hits.deliveries import Clients
from services.gateway.shared_hits.overseeing import SharedHitDeliveries
from services.gateway.shared_hits.pictures import SharedHitPictures
from services.gateway.shared_hits.streams import SharedHitStreams
from services.gateway.shared_hits.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class SharedHits:
    """For machines: streams, pictures, subscriptions. For the owner's people: deliveries."""

    clients: Clients
    streams: SharedHitStreams
    pictures: SharedHitPictures
    subscriptions: Subscriptions
    deliveries: SharedHitDeliveries

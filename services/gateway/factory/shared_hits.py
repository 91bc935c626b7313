"""The wiring of hits that partners get: by stream, and by signed webhook."""

from dataclasses import dataclass

from plateward.kernel.clock import now
from plateward.kernel.lifecycle import Loop
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.admitted_clients import AdmittedClients
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.adapters.agreed_mous import AgreedMous
from services.gateway.adapters.delivering import Delivering
from services.gateway.adapters.outward_addresses import why_not_a_receiver
from services.gateway.adapters.sealing import SealKey
from services.gateway.adapters.stores.deliveries import PostgresDeliveries
from services.gateway.adapters.stores.hits import PostgresHits
from services.gateway.adapters.stores.mous import PostgresMous
from services.gateway.adapters.stores.partners import PostgresPartners
from services.gateway.adapters.stores.subscriptions import PostgresSubscriptions
from services.gateway.adapters.webhook_sender import WebhookSender
from services.gateway.factory.parts import Parts
from services.gateway.shared_hits.deliveries import Deliveries
from services.gateway.shared_hits.hits_for_partners import SharedHits
from services.gateway.shared_hits.overseeing import SharedHitDeliveries
from services.gateway.shared_hits.pictures import SharedHitPictures
from services.gateway.shared_hits.streams import SharedHitStreams
from services.gateway.shared_hits.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class SharedHitParts:
    """What doors ask, and what goes on by itself."""

    shared_hits: SharedHits
    delivering: Loop


def shared_hit_parts(parts: Parts) -> SharedHitParts:
    """Everything about hits that partners get, wired."""
    settings, pool = parts.settings, parts.pool
    seal = SealKey(settings.seal_key.get_secret_value()) if settings.seal_key else None
    feed, book = PostgresHits(pool), PostgresSubscriptions(pool, seal)
    store = PostgresDeliveries(pool, seal)
    keys = AgencyKeyFiles(settings.agency_keys)
    agreements = AgreedMous(PostgresMous(pool, keys, parts.policies), keys, parts.policies, now)
    clients = AdmittedClients(PostgresPartners(pool))
    access_log = AccessTopic(parts.publisher, settings.record_within_seconds)
    deliveries = Deliveries(
        store=store,
        feed=feed,
        agreements=agreements,
        clients=clients,
        access_log=access_log,
        sender=WebhookSender(settings.webhook_hosts_within, settings.webhook_authorities),
        now=now,
    )
    shared_hits = SharedHits(
        clients=clients,
        streams=SharedHitStreams(
            feed=feed,
            bell=parts.bell,
            agreements=agreements,
            clients=clients,
            access_log=access_log,
            book=book,
            now=now,
        ),
        pictures=SharedHitPictures(
            gate=parts.gate, feed=feed, agreements=agreements, clients=clients, pictures=parts.pictures
        ),
        subscriptions=Subscriptions(
            store=book, ending=store, agreements=agreements, why_no_receiver=why_not_a_receiver, now=now
        ),
        deliveries=SharedHitDeliveries(gate=parts.gate, book=book, now=now),
    )
    return SharedHitParts(shared_hits, Delivering(deliveries, parts.bell, parts.status).run)

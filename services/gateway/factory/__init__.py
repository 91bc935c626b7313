"""All of the gateway's wiring, a module an area."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from plateward.kernel.clock import now
from plateward.kernel.images import open_images
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.lifecycle import Running
from plateward.kernel.postgres import database_pool, reachable
from plateward.kernel.status import Status
from plateward.policy.catalogue import load_catalogue
from services.gateway.access import AccessGate
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.api.certificates import certificate_routes
from services.gateway.adapters.case_registers import open_case_registers
from services.gateway.adapters.doors import Doors
from services.gateway.adapters.gauges import KafkaGauges
from services.gateway.adapters.list_keeping import ListKeeping, PostgresAlarms
from services.gateway.adapters.purge_watch import until_purged
from services.gateway.adapters.stores.cameras import PostgresCameraReads, PostgresCameras
from services.gateway.adapters.stores.certificates import PostgresCertificates
from services.gateway.adapters.stores.history import PostgresHistory
from services.gateway.adapters.stores.hits import PostgresHits
from services.gateway.adapters.stores.holds import PostgresHolds
from services.gateway.adapters.stores.hot_list import PostgresLists
from services.gateway.adapters.stores.one_transaction import JoiningPool
from services.gateway.adapters.stores.searches import load_seals
from services.gateway.cameras import Cameras
from services.gateway.evidence.holds import Holds
from services.gateway.explanations import Explanations
from services.gateway.factory.application import application, end_streams
from services.gateway.factory.commands import first_account, overdue_inspections
from services.gateway.factory.compiling import compiled_lists, compiling
from services.gateway.factory.entries import entry_parts
from services.gateway.factory.feeds import feeds, forgetting
from services.gateway.factory.health import gauges, line_health, self_checking
from services.gateway.factory.list_sources import ListSourceParts, list_source_parts
from services.gateway.factory.oversight import misuse_alarms, transparency
from services.gateway.factory.partners import open_to_partners, partner_parts
from services.gateway.factory.parts import Parts
from services.gateway.factory.people import people_parts
from services.gateway.factory.proof import ProofParts, proof_parts
from services.gateway.factory.regions import RegionParts, region_parts
from services.gateway.factory.releases import release_parts
from services.gateway.factory.searching import searching_parts
from services.gateway.factory.shared_hits import SharedHitParts, shared_hit_parts
from services.gateway.factory.sharing import agreements_in_words, sharing_parts
from services.gateway.failed_sign_ins import FailedSignIns
from services.gateway.gateway import Gateway
from services.gateway.hits import Bell, Hits
from services.gateway.lists import HotLists
from services.gateway.settings import GatewaySettings

__all__ = ["agreements_in_words", "application", "first_account", "overdue_inspections", "running"]


@dataclass(frozen=True, slots=True)
class OpenedAreas:
    """The areas that hold something open, or go on by themselves."""

    proof: ProofParts
    lists_brought: ListSourceParts
    regions: RegionParts
    shared_hits: SharedHitParts
    measured: KafkaGauges
    failed_sign_ins: FailedSignIns


@asynccontextmanager
async def running(settings: GatewaySettings) -> AsyncIterator[Running]:
    """The gateway, wired: its application and its loops."""
    async with (
        database_pool(settings.database, schema="gateway", reset=False) as connections,
        open_publisher(settings.kafka, source="gateway") as publisher,
        open_case_registers(
            settings.case_registers,
            settings.case_register_token.get_secret_value() if settings.case_register_token else None,
        ) as cases,
        AsyncExitStack() as opened,
    ):
        await until_purged(connections)
        status = Status()
        status.require("database", lambda: reachable(connections))
        status.require("kafka", publisher.reachable)
        parts = Parts(
            settings=settings,
            pool=JoiningPool(connections),
            publisher=publisher,
            status=status,
            policies=load_catalogue(settings.policy.profiles),
            gate=AccessGate(AccessTopic(publisher, settings.record_within_seconds), now),
            cases=cases,
            seals=await load_seals(connections),
            pictures=open_images(settings.blobs, settings.keys),
            bell=Bell(),
        )
        areas = OpenedAreas(
            proof=proof_parts(parts),
            lists_brought=await opened.enter_async_context(list_source_parts(parts)),
            regions=await opened.enter_async_context(region_parts(parts)),
            shared_hits=shared_hit_parts(parts),
            measured=gauges(parts),
            failed_sign_ins=FailedSignIns(parts.gate, now),
        )
        doors = Doors.of(settings, connections)
        app = application(_gateway(parts, areas), doors, status)
        app.include_router(certificate_routes(PostgresCertificates(parts.pool)))
        open_to_partners(app, settings)
        published, publishing = transparency(parts)
        app.include_router(published)
        lists = HotLists(PostgresLists(parts.pool), parts.policies, now)
        # Before anybody can enter a vehicle: an entry on a list that nobody has stated matches nothing.
        await lists.restate()
        yield Running(
            app,
            loops=(
                lambda stopping: end_streams(app, stopping),
                *feeds(parts),
                compiling(parts),
                ListKeeping(lists, settings.restate_lists_every_seconds, status).run,
                forgetting(parts, doors.sign_ins),
                areas.lists_brought.arrivals,
                publishing,
                areas.measured.run,
                self_checking(parts),
                areas.proof.keeping,
                areas.failed_sign_ins.run,
                areas.shared_hits.delivering,
            ),
        )


def _gateway(parts: Parts, areas: OpenedAreas) -> Gateway:
    gate, pool, policies = parts.gate, parts.pool, parts.policies
    entries = entry_parts(parts)
    people, sharing = people_parts(parts, areas.failed_sign_ins), sharing_parts(parts, entries.list_sharing)
    searching = searching_parts(parts, sharing.owners, areas.regions.search)
    partners = partner_parts(parts, sharing)
    cameras = Cameras(
        gate=gate, store=PostgresCameras(pool), reads=PostgresCameraReads(pool), policies=policies, now=now
    )
    return Gateway(
        sign_in=people.sign_in,
        second_factor=people.second_factor,
        directory=people.directory,
        accounts=people.accounts,
        search=searching.search,
        approvals=searching.approvals,
        exports=searching.exports,
        releases=release_parts(parts, searching.exports),
        explanations=Explanations(gate=gate, history=PostgresHistory(pool), policies=policies, now=now),
        hot_list=entries.hot_list,
        entry_approvals=entries.approvals,
        list_sharing=entries.list_sharing,
        compiled_lists=compiled_lists(parts),
        hits=Hits(
            gate=gate,
            store=PostgresHits(pool),
            alarms=PostgresAlarms(pool),
            pictures=parts.pictures,
            bell=parts.bell,
            policies=policies,
            now=now,
        ),
        cameras=cameras,
        source_lists=areas.lists_brought.lists,
        list_pulls=areas.lists_brought.pulls,
        health=line_health(parts, cameras, areas.measured),
        misuse_alarms=misuse_alarms(parts, people.accounts),
        holds=Holds(gate=gate, store=PostgresHolds(pool), policies=policies, now=now),
        agreements=sharing.agreements,
        exchange=sharing.exchange,
        regions=areas.regions.regions,
        partner_clients=partners.clients,
        partner_tokens=partners.tokens,
        partner_searches=partners.searches,
        shared_hits=areas.shared_hits.shared_hits,
        audits=areas.proof.audits,
        reports=areas.proof.reports,
        policies=policies,
    )

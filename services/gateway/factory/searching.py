"""The wiring of searching: the inquiry gate, whose reads answer, approvals and exports."""

from dataclasses import dataclass

from plateward.kernel.clock import now
from services.gateway.adapters.stores.approvals import PostgresApprovals
from services.gateway.adapters.stores.exports import PostgresExports
from services.gateway.adapters.stores.read_finder import PostgresReads
from services.gateway.adapters.stores.searches import PostgresSearches
from services.gateway.factory.parts import Parts
from services.gateway.regions.asking import RegionSearch
from services.gateway.search import ReadSearch
from services.gateway.searching.approvals import Approvals
from services.gateway.searching.exports import Exports
from services.gateway.searching.inquiry_gate import InquiryGate
from services.gateway.searching.owners import OwnerDecision
from services.gateway.searching.picture_links import PictureLinks


@dataclass(frozen=True, slots=True)
class SearchingParts:
    """Search, and what goes before and after it."""

    search: ReadSearch
    approvals: Approvals
    exports: Exports


def searching_parts(parts: Parts, owners: OwnerDecision, regions: RegionSearch) -> SearchingParts:
    """Everything about searching, wired."""
    gate, policies, pool, pictures, seals = parts.gate, parts.policies, parts.pool, parts.pictures, parts.seals
    finder, approvals, searches = PostgresReads(pool), PostgresApprovals(pool), PostgresSearches(pool)
    inquiries = InquiryGate(
        policies=policies,
        cases=parts.cases,
        searches=searches,
        approvals=approvals,
        seals=seals,
        now=now,
        elsewhere=regions.agencies,
    )
    search = ReadSearch(
        gate=gate,
        inquiries=inquiries,
        approvals=approvals,
        owners=owners,
        finder=finder,
        searches=searches,
        pictures=pictures,
        links=PictureLinks(seals, now),
        regions=regions,
        policies=policies,
        now=now,
    )
    return SearchingParts(
        search=search,
        approvals=Approvals(gate=gate, inquiries=inquiries, store=approvals, policies=policies, now=now),
        exports=Exports(
            gate=gate, search=search, finder=finder, pictures=pictures, store=PostgresExports(pool), now=now
        ),
    )

"""What the gateway can do, for whatever door asks it."""

from collections.abc import Mapping
from dataclasses import dataclass

from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.accounts import Accounts
from services.gateway.audits.audits import Audits
from services.gateway.cameras import Cameras
from services.gateway.compiling.compiling import CompiledLists
from services.gateway.directory import DirectorySignIn
from services.gateway.entries.approvals import EntryApprovals
from services.gateway.entries.list_sharing import ListSharing
from services.gateway.evidence.holds import Holds
from services.gateway.explanations import Explanations
from services.gateway.health.line_health import LineHealth
from services.gateway.hits import Hits
from services.gateway.hot_list import HotList
from services.gateway.list_sources.source_lists import SourceLists
from services.gateway.list_sources.sources import ListFetch, ListKey
from services.gateway.misuse_alarms import MisuseAlarms
from services.gateway.partners.registry import PartnerClients
from services.gateway.partners.searches import PartnerSearches
from services.gateway.partners.tokens import Tokens
from services.gateway.regions.region import Regions
from services.gateway.releases.releases import Releases
from services.gateway.reports.reports import Reports
from services.gateway.search import ReadSearch
from services.gateway.searching.approvals import Approvals
from services.gateway.searching.exports import Exports
from services.gateway.second_factor import SecondFactor
from services.gateway.shared_hits.hits_for_partners import SharedHits
from services.gateway.sharing.agreements import Agreements
from services.gateway.sharing.exchange import Exchange
from services.gateway.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway's services, wired."""

    sign_in: SignIn
    second_factor: SecondFactor
    directory: DirectorySignIn
    accounts: Accounts
    search: ReadSearch
    explanations: Explanations
    approvals: Approvals
    exports: Exports
    releases: Releases
    hot_list: HotList
    entry_approvals: EntryApprovals
    list_sharing: ListSharing
    compiled_lists: CompiledLists
    hits: Hits
    cameras: Cameras
    source_lists: SourceLists
    list_pulls: Mapping[ListKey, ListFetch]
    misuse_alarms: MisuseAlarms
    health: LineHealth
    holds: Holds
    agreements: Agreements
    exchange: Exchange
    regions: Regions
    partner_clients: PartnerClients
    partner_tokens: Tokens
    partner_searches: PartnerSearches
    shared_hits: SharedHits
    audits: Audits
    reports: Reports
    policies: PolicyCatalogue

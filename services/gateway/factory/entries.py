"""The wiring of an agency's own entries: the list, and who approves what goes on it."""

from dataclasses import dataclass

from plateward.kernel.clock import now
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.adapters.stores.entry_requests import PostgresEntryRequests
from services.gateway.adapters.stores.hot_list import PostgresHotList
from services.gateway.adapters.stores.list_sharing import PostgresSharingDecisions
from services.gateway.adapters.stores.mous import PostgresMous
from services.gateway.entries.approvals import EntryApprovals
from services.gateway.entries.list_sharing import ListSharing
from services.gateway.factory.parts import Parts
from services.gateway.hot_list import HotList


@dataclass(frozen=True, slots=True)
class EntryParts:
    """The own list, and the approvals of what goes on it."""

    hot_list: HotList
    approvals: EntryApprovals
    list_sharing: ListSharing


def entry_parts(parts: Parts) -> EntryParts:
    """Everything about the own entries, wired."""
    gate, policies, store = parts.gate, parts.policies, PostgresHotList(parts.pool)
    requests = PostgresEntryRequests(parts.pool)
    mous = PostgresMous(parts.pool, AgencyKeyFiles(parts.settings.agency_keys), policies)
    sharing = PostgresSharingDecisions(parts.pool, mous)
    return EntryParts(
        hot_list=HotList(gate=gate, store=store, policies=policies, now=now),
        list_sharing=ListSharing(gate=gate, store=sharing, policies=policies, now=now),
        approvals=EntryApprovals(gate=gate, entries=store, store=requests, policies=policies, now=now),
    )

"""The wiring of sharing: agreements, the keys that sign them, and whose reads answer."""

from dataclasses import dataclass

from plateward.kernel.clock import now
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.adapters.cedar_rulings import CedarRulings
from services.gateway.adapters.mou_store import PostgresMous
from services.gateway.factory.parts import Parts
from services.gateway.sharing.agreements import Agreements
from services.gateway.sharing.decision import AgreedReads


@dataclass(frozen=True, slots=True)
class SharingParts:
    """Agreements, and what they decide."""

    agreements: Agreements
    owners: AgreedReads


def sharing_parts(parts: Parts) -> SharingParts:
    """Everything about sharing, wired."""
    keys = AgencyKeyFiles(parts.settings.agency_keys)
    store = PostgresMous(parts.pool, keys)
    return SharingParts(
        agreements=Agreements(gate=parts.gate, store=store, keys=keys, policies=parts.policies, now=now),
        owners=AgreedReads(
            rulings=CedarRulings(store, keys, parts.policies), quotas=store, policies=parts.policies, now=now
        ),
    )

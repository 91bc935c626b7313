"""The wiring of sharing: agreements, the keys that sign them, and whose reads answer."""

from dataclasses import dataclass
from datetime import datetime

from plateward.kernel.clock import now
from plateward.kernel.postgres import database_pool
from plateward.policy.catalogue import load_catalogue
from services.gateway.adapters.agency_keys import AgencyKeyFiles
from services.gateway.adapters.cedar_rulings import CedarRulings
from services.gateway.adapters.stores.mous import PostgresMous
from services.gateway.entries.list_sharing import ListSharing
from services.gateway.factory.parts import Parts
from services.gateway.settings import GatewaySettings
from services.gateway.sharing.agreements import Agreements
from services.gateway.sharing.decision import AgreedReads
from services.gateway.sharing.exchange import Exchange
from services.gateway.sharing.mou import State
from services.gateway.sharing.plain_words import in_words
from services.gateway.sharing.signing import with_true_signatures


@dataclass(frozen=True, slots=True)
class SharingParts:
    """Agreements, and what they decide."""

    agreements: Agreements
    exchange: Exchange
    owners: AgreedReads
    rulings: CedarRulings


def sharing_parts(parts: Parts, list_sharing: ListSharing) -> SharingParts:
    """Everything about sharing, wired."""
    keys = AgencyKeyFiles(parts.settings.agency_keys)
    store = PostgresMous(parts.pool, keys, parts.policies)
    rulings = CedarRulings(store, keys, parts.policies)
    return SharingParts(
        agreements=Agreements(
            gate=parts.gate,
            store=store,
            keys=keys,
            policies=parts.policies,
            may_leave=list_sharing.approved_for_sharing,
            now=now,
        ),
        exchange=Exchange(gate=parts.gate, store=store, keys=keys, policies=parts.policies, now=now),
        owners=AgreedReads(rulings=rulings, quotas=store, policies=parts.policies, now=now),
        rulings=rulings,
    )


@dataclass(frozen=True, slots=True)
class AgreementInWords:
    """A version of an agreement, for whoever runs the platform."""

    mou_id: str
    version: int
    state: State
    starts_at: datetime
    ends_at: datetime
    sentences: tuple[str, ...]


async def agreements_in_words(settings: GatewaySettings, which: str = "") -> list[AgreementInWords]:
    """The agreements of an agency, of one id, or all, by id and version."""
    policies, at, keys = load_catalogue(settings.policy.profiles), now(), AgencyKeyFiles(settings.agency_keys)
    found = []
    async with database_pool(settings.database, schema="gateway") as pool:
        store = PostgresMous(pool, keys, policies)
        for mou in await store.all():
            terms = mou.terms
            if not which or which == terms.mou_id or mou.is_party(which):
                words = in_words(terms, policies, await store.camera_names(terms.grantor.agency_id))
                state = with_true_signatures(mou, keys).state(at)
                found.append(
                    AgreementInWords(terms.mou_id, terms.version, state, terms.starts_at, terms.ends_at, words)
                )
    return found

"""What all areas of the gateway are wired from."""

from dataclasses import dataclass

import asyncpg

from plateward.kernel.images import SealedImages
from plateward.kernel.kafka.publisher import Publisher
from plateward.kernel.status import Status
from plateward.policy.catalogue import PolicyCatalogue
from services.gateway.access import AccessGate
from services.gateway.hits import Bell
from services.gateway.searching.inquiry_gate import CaseRegister
from services.gateway.searching.seals import Seals
from services.gateway.settings import GatewaySettings


@dataclass(frozen=True, slots=True)
class Parts:
    """The connections and rules that every area shares."""

    settings: GatewaySettings
    pool: asyncpg.Pool
    publisher: Publisher
    status: Status
    policies: PolicyCatalogue
    gate: AccessGate
    cases: CaseRegister
    seals: Seals
    pictures: SealedImages
    bell: Bell
    """Rings whenever a hit has come."""

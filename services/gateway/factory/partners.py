"""The wiring of partners' machine clients: who they are, their tokens, and the doors that are theirs."""

from dataclasses import dataclass

from fastapi import FastAPI

from plateward.kernel.clock import now
from services.gateway.adapters.api.oauth import TOKEN_PATH, oauth_routes
from services.gateway.adapters.api.partner_searches import search_routes
from services.gateway.adapters.edge import Edge
from services.gateway.adapters.stores.looks import PostgresLooks
from services.gateway.adapters.stores.partners import PostgresPartners
from services.gateway.adapters.stores.read_finder import PostgresReads
from services.gateway.factory.parts import Parts
from services.gateway.factory.sharing import SharingParts
from services.gateway.partners.registry import PartnerClients
from services.gateway.partners.searches import PartnerSearches
from services.gateway.partners.tokens import Tokens
from services.gateway.settings import GatewaySettings


@dataclass(frozen=True, slots=True)
class PartnerParts:
    """The clients, and how they show who they are."""

    clients: PartnerClients
    tokens: Tokens
    searches: PartnerSearches


def partner_parts(parts: Parts, sharing: SharingParts) -> PartnerParts:
    """Everything about partners' machines, wired."""
    store, issuer = PostgresPartners(parts.pool), issuer_of(parts.settings)
    tokens = Tokens(gate=parts.gate, store=store, audiences=(issuer, f"{issuer}{TOKEN_PATH}"), now=now)
    return PartnerParts(
        clients=PartnerClients(gate=parts.gate, store=store, rulings=sharing.rulings, now=now),
        tokens=tokens,
        searches=PartnerSearches(
            gate=parts.gate,
            looks=PostgresLooks(parts.pool),
            tokens=tokens,
            owners=sharing.owners,
            finder=PostgresReads(parts.pool),
            policies=parts.policies,
            now=now,
        ),
    )


def open_to_partners(app: FastAPI, settings: GatewaySettings) -> None:
    """Adds the doors of machines, and whom to believe of certificates."""
    app.state.edge = Edge(settings.edge_networks, settings.edge_certificate_header)
    app.include_router(oauth_routes(issuer_of(settings)))
    app.include_router(search_routes(None if settings.access_log_url is None else str(settings.access_log_url)))


def issuer_of(settings: GatewaySettings) -> str:
    """The gateway's own name towards machines (RFC 8414)."""
    return settings.origin.rstrip("/")

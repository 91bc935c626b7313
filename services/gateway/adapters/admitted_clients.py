"""Partners' machine clients, as the sharing of hits looks at them."""

from services.gateway.adapters.stores.partners import PostgresPartners
from services.gateway.shared_hits.sharing import Partner

SCOPE = "hits.subscribe"


class AdmittedClients:
    """The clients that may have hits."""

    def __init__(self, partners: PostgresPartners) -> None:
        self._partners = partners

    async def partner(self, client_id: str) -> Partner | None:
        """The client, where it may have hits at present: registered, not ended, of this scope."""
        client = await self._partners.client(client_id)
        if client is None or client.ended is not None or SCOPE not in client.scopes:
            return None
        return Partner(client.actor, frozenset(client.owners))

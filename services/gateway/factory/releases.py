"""The wiring of releases."""

from plateward.kernel.clock import now
from plateward.kernel.signatures import read_signing_key
from services.gateway.adapters.stores.releases import PostgresReleases
from services.gateway.adapters.stores.searches import PostgresSearches
from services.gateway.factory.parts import Parts
from services.gateway.releases.releases import Releases
from services.gateway.searching.exports import Exports


def release_parts(parts: Parts, exports: Exports) -> Releases:
    """Releases, with the key that signs what is released."""
    key_file = parts.settings.signing_key_file
    return Releases(
        gate=parts.gate,
        store=PostgresReleases(parts.pool),
        exports=exports,
        searches=PostgresSearches(parts.pool),
        signer=read_signing_key(key_file) if key_file is not None else None,
        policies=parts.policies,
        now=now,
    )

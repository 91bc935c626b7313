"""The wiring of compiled lists: what people do with them, and the loop that makes them."""

from plateward.kernel.clock import now
from plateward.kernel.lifecycle import Loop
from services.gateway.adapters.stores.compiled_lists import CompilingLoop, PostgresComparedSources, PostgresDefinitions
from services.gateway.compiling.compiling import CompiledLists
from services.gateway.factory.parts import Parts


def compiled_lists(parts: Parts) -> CompiledLists:
    """Compiled lists, wired."""
    return CompiledLists(
        gate=parts.gate,
        store=PostgresDefinitions(parts.pool, parts.policies),
        sources=PostgresComparedSources(parts.pool),
        policies=parts.policies,
        now=now,
    )


def compiling(parts: Parts) -> Loop:
    """Makes them when they are due."""
    return CompilingLoop(compiled_lists(parts), parts.pool, parts.status).run

"""The wiring of lists from elsewhere: how each comes, and who looks for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx

from plateward.kernel.clock import now
from plateward.kernel.lifecycle import Loop
from services.gateway.adapters.list_sources.arrivals import ListArrivals
from services.gateway.adapters.list_sources.folders import ListFolder
from services.gateway.adapters.list_sources.pulls import ANSWERS_WITHIN_SECONDS, Fetched, ListPull
from services.gateway.adapters.stores.source_lists import PostgresSourceLists
from services.gateway.factory.parts import Parts
from services.gateway.list_sources.mapping import mapping_of
from services.gateway.list_sources.refresh import Way
from services.gateway.list_sources.source_lists import SourceLists
from services.gateway.list_sources.sources import ListKey, Source
from services.gateway.settings import ListSource


@dataclass(frozen=True, slots=True)
class ListSourceParts:
    """The lists that files bring, those that can be fetched on demand, and the loop that looks for all."""

    lists: SourceLists
    pulls: dict[ListKey, ListPull]
    arrivals: Loop


@asynccontextmanager
async def list_source_parts(parts: Parts) -> AsyncIterator[ListSourceParts]:
    """Everything about lists from elsewhere, wired; raises InvalidMapping, OSError where a mapping cannot be read."""
    settings, configured = parts.settings, {(one.agency, one.list): one for one in parts.settings.list_sources}
    lists = SourceLists(
        gate=parts.gate,
        store=PostgresSourceLists(parts.pool),
        policies=parts.policies,
        sources={key: _source(one) for key, one in configured.items()},
        now=now,
    )
    await lists.restate()
    async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_SECONDS, trust_env=False, follow_redirects=False) as client:
        folders = [
            ListFolder(one.folder, key, lists, settings.list_bytes_max) for key, one in configured.items() if one.folder
        ]
        pulls = {
            key: ListPull(fetched, key, lists, parts.pool, client, settings.list_bytes_max)
            for key, one in configured.items()
            if (fetched := _fetched(one)) is not None
        }
        arrivals = ListArrivals([*folders, *pulls.values()], settings.look_for_lists_every_seconds)
        yield ListSourceParts(lists, pulls, arrivals.run)


def _source(one: ListSource) -> Source:
    mapping = one.mapping.read_text(encoding="utf-8") if one.mapping else ""
    if mapping:
        mapping_of(mapping)
    way: Way = "pull" if one.url else "folder" if one.folder else "upload"
    return Source(one.format, mapping, way, one.case_number)


def _fetched(one: ListSource) -> Fetched | None:
    if one.url is None:
        return None
    token = one.token.get_secret_value() if one.token else None
    return Fetched(str(one.url), timedelta(minutes=one.every_minutes), token)

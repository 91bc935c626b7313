"""Taking what a search found along: as a file that says whose it is, and that is gone when its time is over."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from plateward.contracts.access import Reason
from services.gateway.access import AccessGate, Inquiry
from services.gateway.people import Session, require
from services.gateway.search import NoSuchRecord, Pictures, ReadSearch, picture_under
from services.gateway.searching.export_files import (
    MEDIA_TYPES,
    ExportFormat,
    Picture,
    Watermark,
    as_csv,
    as_json,
    as_zip,
)
from services.gateway.searching.found import FoundRead, ReadFinder, places_of
from services.gateway.searching.owners import granted, scopes_of, shared_under
from services.gateway.searching.scopes import Scope

EXPORTED_AT_MOST = 1000
PICTURED_AT_MOST = 100
"""Of so many reads, the newest, an export holds the pictures too."""

EXPORT_LASTS = timedelta(hours=24)
"""How long an export can be downloaded, unless the day of one of its reads comes sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that was made of a search."""

    id: uuid.UUID
    access_id: uuid.UUID
    search_id: uuid.UUID
    person_id: uuid.UUID
    made_at: datetime
    expires_at: datetime
    name: str
    media_type: str
    reads: int
    reason: Reason
    owners: tuple[str, ...]
    content: bytes


class ExportStore(Protocol):
    """Where exports wait to be downloaded."""

    async def keep(self, export: Export) -> None:
        """Keeps one until it expires."""

    async def one(self, export_id: uuid.UUID, at: datetime) -> Export | None:
        """One that has not expired."""


class Exports:
    """Makes files of one's own searches."""

    def __init__(
        self,
        *,
        gate: AccessGate,
        search: ReadSearch,
        finder: ReadFinder,
        pictures: Pictures,
        store: ExportStore,
        now: Callable[[], datetime],
    ) -> None:
        self._gate, self._search, self._finder, self._pictures = gate, search, finder, pictures
        self._store, self._now = store, now

    async def make(self, session: Session, access_id: uuid.UUID, form: ExportFormat, address: str) -> Export:
        """A file of what one's own search finds now; raises NotAllowed, NoSuchRecord, NotRecorded."""
        search = await self._search.own_search(session, access_id)
        if form == "zip":
            require(session, "view-images")
        parts = await self._search.parts(session.person, search.question, search.reason)
        owners, scopes = granted(parts), scopes_of(parts)
        query = search.question.as_query | {"search": str(access_id), "format": form}
        under = shared_under(parts)
        inquiry = Inquiry(session, "export-reads", query, search.reason, owners, address, shared_under=under)
        async with self._gate.look(inquiry) as look:
            places = await places_of(search.question, owners, self._finder)
            found = await self._finder.find(search.question, places, scopes, after=None, limit=EXPORTED_AT_MOST)
            at = self._now()
            expires_at = _expiry(found.reads, at)
            person = session.person
            by = f"{person.name} ({person.username})"
            mark = Watermark(str(look.access_id), by, person.agency_id, at, expires_at)
            if form == "csv":
                content = as_csv(found.reads, mark)
            elif form == "json":
                content = as_json(found.reads, mark, search.question.as_query, search.reason)
            else:
                content = as_zip(found.reads, await self._pictures_of(found.reads, scopes), mark)
            export = Export(
                id=uuid.uuid4(),
                access_id=look.access_id,
                search_id=access_id,
                person_id=person.id,
                made_at=at,
                expires_at=expires_at,
                name=f"reads-{look.access_id}.{form}",
                media_type=MEDIA_TYPES[form],
                reads=len(found.reads),
                reason=search.reason,
                owners=owners,
                content=content,
            )
            await self._store.keep(export)
            look.results = len(found.reads)
        return export

    async def download(self, session: Session, export_id: uuid.UUID, address: str) -> Export:
        """One's own export, until it expires; raises NotAllowed, NoSuchRecord, NotRecorded."""
        require(session, "search")
        export = await self._store.one(export_id, self._now())
        if export is None or export.person_id != session.person.id:
            raise NoSuchRecord(export_id)
        query = {"export": str(export_id), "search": str(export.search_id), "made_as": str(export.access_id)}
        inquiry = Inquiry(session, "download-export", query, export.reason, export.owners, address)
        async with self._gate.look(inquiry) as look:
            look.results = export.reads
        return export

    async def _pictures_of(self, reads: tuple[FoundRead, ...], scopes: tuple[Scope, ...]) -> list[Picture]:
        taken: list[Picture] = []
        for read in reads[:PICTURED_AT_MOST]:
            for kind in ("plate", "scene"):
                key = await self._finder.image_key(read.id, read.expires_on, kind, scopes)
                try:
                    taken.append((f"{read.id}-{kind}.jpg", await picture_under(key, self._pictures)))
                except NoSuchRecord:
                    continue
        return taken


def _expiry(reads: tuple[FoundRead, ...], at: datetime) -> datetime:
    """A day from now, or the first moment of the day on which one of the reads is no longer kept."""
    days = [datetime.combine(read.expires_on, time(), UTC) for read in reads]
    return min([at + EXPORT_LASTS, *days])

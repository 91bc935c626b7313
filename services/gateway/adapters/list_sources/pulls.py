"""Fetching lists from their sources over HTTP, and only what is new there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import httpx
import structlog

from plateward.kernel.clock import now
from services.gateway.adapters.list_sources.files import FileTooLarge, spooled
from services.gateway.adapters.list_sources.reading import NotRead
from services.gateway.list_sources.kept import InvalidRefresh
from services.gateway.list_sources.refresh import Refresh
from services.gateway.list_sources.source_lists import SourceLists
from services.gateway.list_sources.sources import By, ListKey
from services.gateway.search import NoSuchRecord

log = structlog.get_logger("plateward.lists")

REDIRECTS_MAX = 3
ANSWERS_WITHIN_SECONDS = 30.0
NOT_MODIFIED = 304


class NotFetched(Exception):
    """The source did not give the list; says why, in words for the page of lists."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where a list is fetched, how often, and by which token."""

    url: str
    every: timedelta
    token: str | None


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a source tells one state of its list from another."""

    etag: str | None = None
    last_modified: str | None = None


class ListPull:
    """One list's source. It is asked when it is due, by whichever process of the gateway comes first."""

    def __init__(
        self,
        fetched: Fetched,
        of: ListKey,
        lists: SourceLists,
        pool: asyncpg.Pool,
        client: httpx.AsyncClient,
        bytes_max: int,
    ) -> None:
        self._fetched, self._of, self._lists = fetched, of, lists
        self._pool, self._client, self._bytes_max = pool, client, bytes_max

    async def look(self) -> None:
        """Asks the source if it is due; what goes wrong there is kept for the page, and nothing ends by it."""
        if await self._is_due():
            try:
                await self.fetch()
            except NoSuchRecord:  # the policy has the list no more
                log.warning("list.not_designated", agency=self._of[0], list=self._of[1])

    async def fetch(self, by: By | None = None) -> Refresh | None:
        """Asks the source now; None where it could not be had, which the page of lists then says."""
        try:
            refresh, marks = await self._fetch(by)
        except (NotFetched, FileTooLarge, InvalidRefresh, NotRead) as error:
            log.warning("list.not-fetched", agency=self._of[0], list=self._of[1], problem=type(error).__name__)
            await self._note(Marks(), str(error))
            return None
        in_force = refresh.state in ("replaced", "unchanged")
        # What waits or was refused is not what the list has: the next time it is to be sent again.
        await self._note(marks if in_force else Marks(), None)
        return refresh

    async def _is_due(self) -> bool:
        """Whether it is this process that asks now."""
        at = now()
        taken = await self._pool.fetchval(
            """
            INSERT INTO list_pulls (agency_id, list_id, asked_at) VALUES ($1, $2, $3)
            ON CONFLICT (agency_id, list_id) DO UPDATE SET asked_at = excluded.asked_at
             WHERE list_pulls.asked_at <= $4 RETURNING true
            """,
            *(*self._of, at, at - self._fetched.every),
        )
        return bool(taken)

    async def _fetch(self, by: By | None) -> tuple[Refresh, Marks]:
        marks = await self._marks()
        async with self._answer(marks) as answer:
            if answer.status_code == NOT_MODIFIED:
                return await self._lists.found_unchanged(*self._of, by), marks
            # The source has it so now, whenever it wrote it.
            file = spooled(answer.aiter_bytes(), as_of=now(), way="pull", bytes_max=self._bytes_max)
            async with file as arrived:
                refresh = await self._lists.bring_by_itself(*self._of, arrived, by)
            return refresh, Marks(answer.headers.get("etag"), answer.headers.get("last-modified"))

    async def _marks(self) -> Marks:
        """What the source said of the file that is in force.

        Nothing where that file did not come from the source, or would be read in another way now.
        """
        row = await self._pool.fetchrow(
            """
            SELECT etag, last_modified FROM list_pulls WHERE agency_id = $1 AND list_id = $2 AND reading = $3
               AND 'pull' = (SELECT way FROM list_refreshes WHERE agency_id = $1 AND list_id = $2
                                AND state IN ('replaced', 'unchanged')
                              ORDER BY coalesce(decided_at, came_at) DESC LIMIT 1)
            """,
            *(*self._of, self._lists.reading(*self._of)),
        )
        return Marks() if row is None else Marks(**row)

    async def _note(self, marks: Marks, problem: str | None) -> None:
        await self._pool.execute(
            """
            INSERT INTO list_pulls (agency_id, list_id, asked_at, etag, last_modified, reading, problem)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (agency_id, list_id) DO UPDATE
               SET asked_at = excluded.asked_at, etag = excluded.etag, last_modified = excluded.last_modified,
                   reading = excluded.reading, problem = excluded.problem
            """,
            *(*self._of, now(), marks.etag, marks.last_modified, self._lists.reading(*self._of), problem),
        )

    @asynccontextmanager
    async def _answer(self, marks: Marks) -> AsyncIterator[httpx.Response]:
        """What the source answers; raises NotFetched."""
        headers = {"Authorization": f"Bearer {self._fetched.token}"} if self._fetched.token else {}
        headers |= {"If-None-Match": marks.etag} if marks.etag else {}
        headers |= {"If-Modified-Since": marks.last_modified} if marks.last_modified else {}
        url = httpx.URL(self._fetched.url)
        try:
            for _ in range(REDIRECTS_MAX + 1):
                async with self._client.stream("GET", url, headers=headers) as answer:
                    if answer.has_redirect_location:
                        url = _same_host(url, answer)
                        continue
                    known = answer.status_code == NOT_MODIFIED and marks != Marks()
                    if not known and not answer.is_success:
                        raise NotFetched(f"the source answered {answer.status_code}")
                    yield answer
                    return
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotFetched(f"the source could not be asked: {type(error).__name__}") from error
        raise NotFetched(f"the source led on more than {REDIRECTS_MAX} times")


def _same_host(url: httpx.URL, answer: httpx.Response) -> httpx.URL:
    """Where the source leads on to; another host is not asked, nor shown the token."""
    there = url.join(answer.headers["location"])
    if (there.scheme, there.host, there.port) != (url.scheme, url.host, url.port):
        raise NotFetched("the source led on to another host")
    return there

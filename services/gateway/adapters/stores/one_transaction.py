"""A request whose changes are made together or not at all: all that it asks of the database is one transaction."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from typing import Any

import asyncpg


class OneTransaction:
    """A connection in a transaction, shared by all that a request does, one after the other."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection, self._turn, self._ended = connection, asyncio.Lock(), False
        self._whose: asyncio.Task[Any] | None = None

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[None]:
        """What is done in this block, and what it starts, joins the transaction."""
        before = _joined.set(self)
        try:
            yield
        finally:
            self._ended = True  # a task that was started and outlives the request goes on by itself
            _joined.reset(before)

    @property
    def ended(self) -> bool:
        """Whether the request is over."""
        return self._ended

    @asynccontextmanager
    async def part(self) -> AsyncIterator[asyncpg.Connection]:
        """The connection, in a savepoint: what fails here takes nothing else with it."""
        if self._whose is asyncio.current_task():
            async with self._connection.transaction():
                yield self._connection
            return
        async with self._turn:
            self._whose = asyncio.current_task()
            try:
                async with self._connection.transaction():
                    yield self._connection
            finally:
                self._whose = None


_joined: ContextVar[OneTransaction | None] = ContextVar("one_transaction", default=None)


class JoiningPool:
    """A pool of connections, as the gateway's stores use it. In a request that is one transaction it gives that one."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    def acquire(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """A connection for a block."""
        one = _joined.get()
        own: AbstractAsyncContextManager[asyncpg.Connection] = self._pool.acquire()
        return own if one is None or one.ended else one.part()

    async def execute(self, query: str, *values: object) -> str:
        """Runs a statement; returns its tag."""
        async with self.acquire() as connection:
            tag: str = await connection.execute(query, *values)
        return tag

    async def executemany(self, query: str, values: Iterable[Iterable[object]]) -> None:
        """Runs a statement for each of these values."""
        async with self.acquire() as connection:
            await connection.executemany(query, values)

    async def fetch(self, query: str, *values: object) -> list[asyncpg.Record]:
        """The rows that a query gives."""
        async with self.acquire() as connection:
            rows: list[asyncpg.Record] = await connection.fetch(query, *values)
        return rows

    async def fetchrow(self, query: str, *values: object) -> asyncpg.Record | None:
        """The first row that a query gives."""
        async with self.acquire() as connection:
            return await connection.fetchrow(query, *values)

    async def fetchval(self, query: str, *values: object) -> Any:
        """The first value of the first row that a query gives."""
        async with self.acquire() as connection:
            return await connection.fetchval(query, *values)

"""What reports are made of, and the deliveries, in PostgreSQL."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import asyncpg
import msgspec

from plateward.contracts.access import Actor
from plateward.kernel.postgres import within_scope
from services.gateway.reports.queries import Query
from services.gateway.reports.reports import Cell, Delivery


class PostgresFigures:
    """The stores that the gateway may read, asked within an agency's scope."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def ask(self, query: Query, agency_id: str, arguments: tuple[object, ...]) -> tuple[tuple[Cell, ...], ...]:
        """The rows that a query gives."""
        async with within_scope(self._pool, (agency_id,)) as connection:
            rows = await connection.fetch(query.sql, *arguments)
        return tuple(tuple(map(_cell, row)) for row in rows)


class PostgresReports:
    """The table `report_deliveries`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def delivered(self, agency_id: str) -> Mapping[tuple[str, date], datetime]:
        """When each report and period was delivered."""
        rows = await self._pool.fetch(
            "SELECT report_id, period, delivered_at FROM report_deliveries WHERE agency_id = $1", agency_id
        )
        return {(row["report_id"], row["period"]): row["delivered_at"] for row in rows}

    async def delivery(self, agency_id: str, report_id: str, period: date) -> Delivery | None:
        """A report as it was delivered."""
        row = await self._pool.fetchrow(
            "SELECT * FROM report_deliveries WHERE agency_id = $1 AND report_id = $2 AND period = $3",
            *(agency_id, report_id, period),
        )
        if row is None:
            return None
        by = msgspec.convert(row["delivered_by"], Actor)
        return Delivery(by, row["delivered_at"], row["statement"], row["sha256"], row["content"])

    async def deliver(self, agency_id: str, report_id: str, period: date, delivery: Delivery) -> bool:
        """Keeps a delivery; False when there is one already."""
        done: str = await self._pool.execute(
            """
            INSERT INTO report_deliveries
                (agency_id, report_id, period, delivered_by, delivered_at, statement, sha256, content)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
            """,
            *(agency_id, report_id, period, msgspec.to_builtins(delivery.by), delivery.at),
            *(delivery.statement, delivery.sha256, delivery.content),
        )
        return done == "INSERT 0 1"


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case Decimal():
            return float(value)
        case int() | float() | str():
            return value
    return str(value)

"""The agencies' registers of cases over HTTP: each agency's CAD or RMS, behind one small question."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Literal

import httpx
import msgspec
import structlog

from services.gateway.searching.inquiry_gate import CaseFound

log = structlog.get_logger("services.gateway")

ANSWERS_WITHIN_SECONDS = 2.0
KNOWN_FOR_SECONDS = 60.0
"""How long a known case needs no second look; an unknown one is asked again each time, since it may be new."""

REMEMBERED_AT_MOST = 10_000


class CaseAnswer(msgspec.Struct):
    """What a register answers."""

    found: Literal["known", "unknown"]


class HttpCaseRegisters:
    """Asks `POST <register>/v1/case-checks` with the number in the body: no case number is ever in a URL."""

    def __init__(self, registers: Mapping[str, str], client: httpx.AsyncClient) -> None:
        self._registers, self._client = registers, client
        self._known: dict[tuple[str, str], float] = {}

    async def look_up(self, agency_id: str, number: str) -> CaseFound:
        """Whether the agency's register knows the number, or could not be asked."""
        register = self._registers.get(agency_id)
        if register is None:
            return "no-register"
        if self._known.get((agency_id, number), 0.0) > time.monotonic():
            return "known"
        try:
            answer = await self._client.post(f"{register.rstrip('/')}/v1/case-checks", json={"number": number})
            found = msgspec.json.decode(answer.raise_for_status().content, type=CaseAnswer).found
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            log.warning("case_register.unreachable", agency=agency_id, problem=type(error).__name__)
            return "unreachable"
        if found == "known":
            self._remember(agency_id, number)
        return found

    def _remember(self, agency_id: str, number: str) -> None:
        if len(self._known) >= REMEMBERED_AT_MOST:
            self._known.clear()
        self._known[agency_id, number] = time.monotonic() + KNOWN_FOR_SECONDS


@asynccontextmanager
async def open_case_registers(registers: Mapping[str, str], token: str | None) -> AsyncIterator[HttpCaseRegisters]:
    """The registers by agency, asked with this bearer token if there is one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_SECONDS, headers=headers, trust_env=False) as client:
        yield HttpCaseRegisters(registers, client)

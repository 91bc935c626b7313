"""A register of cases for the demo: what an agency's CAD or RMS would answer the gateway.

`python -m demo.case_register PORT` serves every agency of the region at `/<agency>/v1/case-checks`.
"""

import re
import sys
from collections.abc import Mapping
from typing import Literal

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from demo.region import Region, load_region


class CaseAsked(BaseModel):
    """A number as an officer wrote it."""

    number: str


class CaseAnswered(BaseModel):
    """Whether the register has it."""

    found: Literal["known", "unknown"]


def cases_of(region: Region) -> dict[str, frozenset[str]]:
    """The numbers that each agency's register knows: its cases, and those of its hot-list entries."""
    agencies = {person.agency for person in region.people}
    entered = [(region.agency_of(entry.by), entry.case_number) for entry in region.entries]
    numbers = entered + [(agency, number) for agency, all_ in region.cases.items() for number in all_]
    return {agency: frozenset(_folded(number) for of, number in numbers if of == agency) for agency in agencies}


def case_register(cases: Mapping[str, frozenset[str]]) -> FastAPI:
    """The application that answers."""
    app = FastAPI(title="Case register of the demo", docs_url=None, redoc_url=None)

    @app.get("/readyz")
    async def ready() -> None:
        """Says that it serves."""

    @app.post("/{agency}/v1/case-checks")
    async def check(agency: str, asked: CaseAsked) -> CaseAnswered:
        """Whether the agency's register has the number, however it is punctuated."""
        known = _folded(asked.number) in cases.get(agency, frozenset())
        return CaseAnswered(found="known" if known else "unknown")

    return app


def _folded(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())


if __name__ == "__main__":
    uvicorn.run(case_register(cases_of(load_region())), host="127.0.0.1", port=int(sys.argv[1]), access_log=False)

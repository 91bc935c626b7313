"""The gateway's doors: those that it has, those that the table names, and how to knock at one."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.support.gateway_at_work import POLICIES, Console, a_hold, an_entry
from tests.support.partners import a_registration, ed25519_key
from tests.support.things import PLACEMENT, a_definition, a_release, an_mou_with_one_elsewhere

TABLES = Path(__file__).parents[1] / "data" / "doors"

ANYONE, SIGNED_IN = "anyone", "signed in"

QUERIES = {
    "GET /v1/searches/{search_id}/reads/{read_id}/images/{kind}": {
        "kept_until": "2030-03-01",
        "until": "1900000000",
        "signature": "of nobody",
    }
}
"""What doors are asked with beside their path."""

FROM_THE_OWN_PAGES = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Door:
    """A method and a path, what kind of door it is, and who may go through."""

    kind: str
    method: str
    path: str
    who: str

    @property
    def rights(self) -> frozenset[str]:
        """The rights of which any one opens it; none where no right is asked for."""
        without = self.is_for_machines or self.who in (ANYONE, SIGNED_IN)
        return frozenset() if without else frozenset(self.who.split(" or "))

    @property
    def is_page(self) -> bool:
        """Whether a person's browser asks, with a cookie, and gets a page."""
        return self.kind == "pages"

    @property
    def is_for_machines(self) -> bool:
        """Whether a partner's machine asks, with a token for the scope that is named, and no person."""
        return self.kind == "machines"

    @property
    def ends_the_session(self) -> bool:
        """Whether who goes through is signed out."""
        return self.path in ("/logout", "/v1/sessions/current")

    @property
    def parameters(self) -> list[str]:
        """The names in the path."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def table() -> list[Door]:
    """The doors of the table."""
    return [
        Door(kind, method, path, who)
        for table in sorted(TABLES.glob("*.yaml"))
        for kind, paths in msgspec.yaml.decode(table.read_bytes()).items()
        for path, methods in paths.items()
        for method, who in methods.items()
    ]


def doors_in(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of every route that the application has, described or not."""
    for route in iter_route_contexts(app.routes):
        assert route.path is not None
        for method in (route.methods or {"GET"}) - {"HEAD"}:
            yield method, route.path


def knock(door: Door, values: Mapping[str, str], console: Console | None, http: httpx.AsyncClient) -> httpx.Request:
    """A request at this door for these things, whole enough to come to the question of who asks."""
    path = door.path.format_map({"kind": "plate", "place": "1"} | dict(values))
    body = bodies(console, values).get(str(door), {})
    sent: dict[str, Any] = {}
    if door.method in ("POST", "PUT"):
        sent = {"data": body, "headers": FROM_THE_OWN_PAGES} if door.is_page else {"json": body}
    return http.build_request(door.method, path, params=QUERIES.get(str(door)), **sent)


def bodies(console: Console | None, values: Mapping[str, str]) -> Mapping[str, Mapping[str, Any]]:
    """What doors are sent where an empty body would be refused before anything else."""
    username = console.person.username if console else "nobody"
    invited = {"username": f"{username}-too", "invitation": "A" * 20, "password": "a password of a test"}
    account = {"username": f"{username}-{uuid.uuid4().hex[:8]}", "name": "Dana Okafor", "title": "Officer"}
    told = {"statement": "As agreed by telephone"}
    training = POLICIES[console.person.agency_id].training.kinds[0].id if console else "alpr"
    trained = {"training_id": training, "completed_on": "2026-01-02"}
    position = {"captured_at": "2026-03-01T09:30:00Z", "read_id": values.get("read_id", "")}
    elsewhere = {"search": str(uuid.uuid4())} | position
    found = {"verdict": "within-policy"}
    delivered = {"report": "activity", "day": "2026-03-01"}
    said = {"statement": "Lens cracked", "finding": "needs-repair"}
    camera = {"camera_id": "a-new-one", "kind": "fixed", "placement": PLACEMENT}
    return {
        "POST /v1/sessions": {"username": username, "password": "nothing"},
        "POST /login": {"username": username, "password": "nothing"},
        "POST /v1/sessions/invitations": invited,
        "POST /login/invitation": invited | {"again": invited["password"]},
        "POST /v1/sessions/codes": {"ticket": "A" * 20, "code": "000000"},
        "POST /v1/searches": console.search() if console else {},
        "POST /v1/searches/{search_id}/pages": {"after": position},
        "POST /v1/searches/{search_id}/exports": {"format": "csv"},
        "POST /v1/searches/{search_id}/elsewhere": {"region": "The other", "after": elsewhere},
        "POST /searches/{search_id}/elsewhere": {"region": "The other", "began": elsewhere["search"]} | position,
        "POST /v1/approvals": console.search() if console else {},
        "POST /v1/approvals/{approval_id}/decision": told | {"agreed": True},
        "POST /v1/alarms/{alarm_id}/finding": told | {"finding": "in-order"},
        "POST /v1/holds": a_hold(values.get("read_id", "")),
        "POST /v1/explanations": console.explanation(values["read_id"]) if console else {},
        "POST /v1/people": account,
        "POST /v1/people/{person_id}/deactivation": told,
        "POST /v1/people/{person_id}/reactivation": told,
        "POST /v1/people/{person_id}/trainings": trained,
        "POST /v1/people/{person_id}/violations": told,
        "POST /v1/people/{person_id}/windows": told | {"hours": 2},
        "POST /v1/hot-list/entries/{entry_id}/recovery": {"found_by": "D. Okafor"},
        "POST /v1/hot-list/entries": an_entry(),
        "POST /v1/hot-list/entries/{entry_id}/approval": {"agreed": True},
        "POST /v1/hot-list/entries/{entry_id}/renewal": told | {"expires_at": an_entry()["expires_at"]},
        "POST /v1/hot-list/sharing": told | {"list_id": "department", "allowed": True},
        "POST /v1/hot-list/compiled": a_definition(),
        "POST /v1/hot-list/compiled/{definition_id}/decision": told | {"agreed": False},
        "POST /v1/releases": a_release(),
        "POST /releases": a_release(),
        "POST /v1/releases/{release_id}/decision": told | {"agreed": True},
        "POST /releases/{release_id}/decision": told | {"decision": "approve"},
        "POST /v1/releases/{release_id}/package": {"search_id": values.get("search_id", "")},
        "POST /releases/{release_id}/package": {"search_id": values.get("search_id", "")},
        "POST /v1/releases/{release_id}/handover": {"to": "T. Begay", "how": "in person"},
        "POST /hot-list/sharing": told | {"list_id": "department", "decision": "allow"},
        "POST /hot-list/compiled": a_definition() | {"lists": "department", "seen": "yes"},
        "POST /hot-list/compiled/{definition_id}/decision": told | {"decision": "refuse"},
        "POST /hot-list/{entry_id}/approval": {"decision": "approve"},
        "POST /v1/lists/refreshes/{refresh_id}/decision": told | {"agreed": True},
        "POST /lists/refreshes/{refresh_id}": told | {"decision": "agree"},
        "POST /v1/cameras": camera,
        "POST /v1/holds/{hold_id}/decision": told | {"agreed": True},
        "POST /v1/mous": an_mou_with_one_elsewhere(console.person.agency_id) if console else {},
        "POST /v1/mou-drafts": an_mou_with_one_elsewhere(console.person.agency_id) if console else {},
        "POST /v1/mous/{mou_id}/signatures": {"version": 1},
        "POST /v1/mou-documents": {"statement": "{}", "signature": "0" * 128, "signer": "0" * 64},
        "POST /v1/mous/{mou_id}/suspension": {"why": "As agreed by telephone"},
        "POST /v1/partner-clients": a_registration("ashgrove", ed25519_key()),
        "POST /v1/partner-clients/{client_id}/withdrawal": {"why": "As agreed by telephone"},
        "POST /v1/partner-clients/{client_id}/end": {"why": "As agreed by telephone"},
        "POST /partners": {"agency_id": "ashgrove", "keys": "00" * 32, "note": "Their records system"},
        "POST /partners/{client_id}/withdrawal": {"why": "As agreed by telephone"},
        "POST /partners/{client_id}/end": {"why": "As agreed by telephone"},
        "POST /v1/searches/breadth": console.search() if console else {},
        "POST /sharing/{mou_id}/signature": {"version": "1"},
        "POST /sharing/{mou_id}/suspension": {"why": "As agreed by telephone"},
        "PUT /v1/cameras/{camera_id}/placement": PLACEMENT,
        "POST /v1/cameras/{camera_id}/inspections": said,
        "POST /v1/cameras/{camera_id}/faults": {"statement": "Lens cracked"},
        "PUT /v1/audits/{audit_id}/inquiries/{place}": found,
        "POST /v1/audits/{audit_id}/close": told,
        "POST /v1/audits/{audit_id}/review": told,
        "POST /v1/reports/deliveries": delivered,
        "POST /audits/{audit_id}/inquiries/{place}": found,
        "POST /reports/deliveries": delivered,
        "POST /searches/{search_id}/pages": position,
        "POST /searches/{search_id}/exports": {"format": "csv"},
        "POST /approvals/{approval_id}": told | {"decision": "agree"},
        "POST /alarms/{alarm_id}": told | {"finding": "in-order"},
        "POST /evidence/{hold_id}": told | {"decision": "agree"},
        "POST /hot-list": an_entry(expires_at="2026-03-01T09:30"),
        "POST /people": account,
        "POST /people/{person_id}/trainings": trained,
        "POST /people/{person_id}/violations": told,
        "POST /people/{person_id}/windows": {"hours": "2", "purpose": "A new disk"},
        "POST /cameras/{camera_id}/faults": said,
        "POST /cameras/{camera_id}/inspections": said,
    }

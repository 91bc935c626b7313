"""What agencies publish, for everybody and without a session: as pages, and as JSON for programs."""

from hashlib import sha256
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from plateward.kernel import clock
from plateward.kernel.problems import Problem
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from services.gateway.adapters.pages.frame import page_environment
from services.gateway.adapters.rates import admit_address
from services.gateway.transparency.figures import ROUNDED_TO, SMALLEST
from services.gateway.transparency.publication import Publication

KEPT = "public, max-age=600"
"""Ten minutes in any cache: the content changes once a night."""

SHARED_WORDS = {"lists": "hot lists", "hits": "hits", "reads": "reads", "images": "pictures"}

NOTHING_HERE = {
    "title": "Nothing is published here",
    "detail": "There is no agency of this name whose policy is posted, or its first figures are being counted.",
    "advice": "The page “Transparency” lists the agencies that publish.",
}


class Published(Protocol):
    """What is published at present."""

    async def published(self, agency_id: str) -> Publication | None:
        """What the agency publishes."""


def transparency_routes(store: Published, policies: PolicyCatalogue) -> APIRouter:
    """The routes; an agency whose policy is not posted publishes nothing, and has no page."""
    routes = APIRouter(tags=["transparency"], dependencies=[Depends(admit_address)])
    environment = page_environment(policies)

    async def found(agency_id: str) -> tuple[AgencyProfile, Publication] | None:
        profile = policies.get(agency_id)
        if profile is None or not profile.publication.posted:
            return None
        published = await store.published(agency_id)
        return None if published is None else (profile, published)

    def page(request: Request, template: str, **content: object) -> HTMLResponse:
        own = {"session": None, "path": request.url.path, "now": clock.now(), "zone": ZoneInfo("UTC")}
        return HTMLResponse(environment.get_template(template).render(own | content))

    @routes.get(
        "/v1/transparency/{agency_id}", summary="What an agency publishes of its use", response_class=JSONResponse
    )
    async def as_json(agency_id: str, request: Request) -> Response:
        """Counted every night. Numbers below ten are null, others rounded to five."""
        one = await found(agency_id)
        if one is None:
            raise Problem(404, "This agency publishes nothing here")
        return cacheable(request, Response(msgspec.json.encode(one[1]), media_type="application/json"))

    @routes.get("/transparency", include_in_schema=False)
    async def index(request: Request) -> Response:
        agencies = [profile for profile in policies.values() if profile.publication.posted]
        return cacheable(request, page(request, "transparency_index.html", agencies=agencies))

    @routes.get("/transparency/{agency_id}", include_in_schema=False)
    async def as_page(agency_id: str, request: Request) -> Response:
        one = await found(agency_id)
        if one is None:
            nothing = page(request, "error.html", **NOTHING_HERE)
            nothing.status_code = 404
            return nothing
        profile, published = one
        content = {"profile": profile, "published": published, "zone": ZoneInfo(profile.timezone)}
        rules = {"shared": SHARED_WORDS, "smallest": SMALLEST, "rounded_to": ROUNDED_TO}
        return cacheable(request, page(request, "transparency.html", **content, **rules))

    return routes


def cacheable(request: Request, response: Response) -> Response:
    """The response as caches may keep it; 304 to whoever has it already."""
    headers = {"Cache-Control": KEPT, "ETag": f'"{sha256(bytes(response.body)).hexdigest()[:32]}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response

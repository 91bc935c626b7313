"""What every page shares: who is signed in, how it is rendered, and how a refusal reads."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from plateward.kernel import clock
from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.profile import AgencyProfile
from services.gateway.access import NotRecorded
from services.gateway.adapters.callers import SESSION_COOKIE, is_a_move
from services.gateway.adapters.pages import words
from services.gateway.adapters.pages.form_once import once_field
from services.gateway.adapters.pages.navigation import line_of, office_of
from services.gateway.adapters.rates import admit
from services.gateway.gateway import Gateway
from services.gateway.people import NotAllowed, Session
from services.gateway.regions.region import Regions
from services.gateway.search import NoSuchRecord
from services.gateway.sign_in import NoPolicyInForce

STATIC = Path(__file__).parents[2] / "static"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class SignInNeeded(Exception):
    """Nobody is signed in, or the session has ended."""


class Assets(StaticFiles):
    """Styles and scripts. Browsers ask each time whether they are still the same: a console must not run an old one."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be revalidated by its ETag."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


class Frame:
    """Renders the pages of one gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._environment = page_environment(gateway.policies, gateway.regions)

    async def session(self, request: Request) -> Session:
        """The session of the person who asks; raises SignInNeeded, NoPolicyInForce."""
        token = request.cookies.get(SESSION_COOKIE)
        session = await self._gateway.sign_in.session(token, moving=is_a_move(request)) if token else None
        if session is None:
            raise SignInNeeded
        admit(request, session)
        return session

    def profile(self, session: Session) -> AgencyProfile:
        """The policy of the person's agency."""
        return self._gateway.policies[session.person.agency_id]

    def zone(self, session: Session) -> ZoneInfo:
        """The zone of the agency's clocks."""
        return ZoneInfo(self.profile(session).timezone)

    def page(
        self, request: Request, template: str, session: Session | None = None, *, status: int = 200, **content: object
    ) -> HTMLResponse:
        """A page, which no cache may keep: it holds what only this person may see, now."""
        own: dict[str, object] = {"session": session, "path": request.url.path, "now": clock.now()}
        if session is not None:
            own |= {"profile": self.profile(session), "zone": self.zone(session)}
        html = self._environment.get_template(template).render(own | content)
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})

    async def refusal(self, request: Request, status: int, title: str, detail: str, advice: str) -> HTMLResponse:
        """The page that says what could not be done, why, and what to do next."""
        try:
            session = await self.session(request)
        except (SignInNeeded, NoPolicyInForce):
            session = None
        content = {"title": title, "detail": detail, "advice": advice}
        return self.page(request, "error.html", session, status=status, **content)

    async def refused(self, request: Request, error: Exception) -> Response | None:
        """The page for this error; None when it is none that a page can explain."""
        match error:
            case SignInNeeded():
                return RedirectResponse("/login", 303)
            case NoPolicyInForce():
                return await self.refusal(request, 403, *_no_policy(error))
            case NotAllowed():
                return await self.refusal(request, 403, *await self._not_allowed(request, error))
            case NotRecorded():
                return await self.refusal(request, 503, *NOT_RECORDED)
            case NoSuchRecord() | RequestValidationError():
                return await self.refusal(request, 404, *NOT_FOUND)
        return None

    def route_class(self) -> type[APIRoute]:
        """Routes whose errors read as pages."""
        refused = self.refused

        class PageRoute(APIRoute):
            def get_route_handler(self) -> Handler:
                handle = super().get_route_handler()

                async def answer(request: Request) -> Response:
                    try:
                        return await handle(request)
                    except Exception as error:
                        page = await refused(request, error)
                        if page is None:
                            raise
                        return page

                return answer

        return PageRoute

    async def _not_allowed(self, request: Request, error: NotAllowed) -> tuple[str, str, str]:
        session = await self.session(request)
        profile = self.profile(session)
        if error.why is not None:
            return ("Not at present", f"{error.why[:1].upper()}{error.why[1:]}.", WITHHELD)
        return (
            "Not for your title",
            f"{profile.policy} ({profile.authorised.section}) does not give the title {session.person.title}"
            f" the right to {error.right.replace('-', ' ')}.",
            "Nothing was shown or changed. If your title is not right here, whoever keeps your agency's accounts can"
            " mend it.",
        )


def _no_policy(error: NoPolicyInForce) -> tuple[str, str, str]:
    return (
        "No policy is in force",
        f"{str(error)[:1].upper()}{str(error)[1:]}.",
        "Whoever runs the platform can put your agency's profile in force.",
    )


def see_other(path: str) -> RedirectResponse:
    """Leads to a page after something was posted; 303, so that the page is asked for with GET."""
    return RedirectResponse(path, 303)


WITHHELD = (
    "Nothing was shown or changed. Your own page says what is on file of you; whoever keeps your agency's training"
    " records can add to it."
)
NOT_RECORDED = (
    "Nothing was shown",
    "Every look is recorded before it happens, and the access log cannot be reached at the moment.",
    "Try again in a minute. Until the log is back, nobody sees anything.",
)
NOT_FOUND = (
    "There is nothing here",
    "There is no such page, or it is gone, or your agency may not see it.",
    "Go on from the pages above.",
)


@cache
def asset_path(name: str) -> str:
    """Where a style or script is; its digest in the path's query makes a new one another file to the browser."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def page_environment(policies: PolicyCatalogue, regions: Regions | None = None) -> Environment:
    """The templates, with the words and filters that they use; `regions` name the agencies of elsewhere."""
    environment = Environment(
        loader=PackageLoader("services.gateway"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def agency_name(agency_id: str) -> str:
        profile = policies.get(agency_id)
        elsewhere = regions.party(agency_id) if regions else None
        return profile.name if profile else elsewhere.name if elsewhere else agency_id

    environment.globals |= {"asset": asset_path, "words": words, "line_of": line_of, "office_of": office_of}
    environment.globals["once"] = once_field
    environment.filters |= {
        "agency": agency_name,
        "utc": words.universal_time,
        "iso": datetime.isoformat,
        "direction": words.direction,
        "vehicle": words.vehicle,
        "category": words.CATEGORY_WORDS.__getitem__,
        "camera_state": words.CAMERA_STATE_WORDS.__getitem__,
        "priority": words.PRIORITY_WORDS.__getitem__,
    }
    return environment

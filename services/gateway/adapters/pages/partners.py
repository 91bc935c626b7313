"""The page of partners' programs: registering one, admitting it for oneself, stopping it at once."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator

from fastapi import APIRouter, Request, Response

from plateward.contracts.partners import ClientScope
from services.gateway.adapters.callers import address_of
from services.gateway.adapters.pages.forms import Filled, filled_in, ticked_in
from services.gateway.adapters.pages.frame import Frame, see_other
from services.gateway.gateway import Gateway
from services.gateway.partners.clients import InvalidClient, MachineClient, NewClient
from services.gateway.partners.keys import NotAKey, PublicKey, public_key, raw_public_key
from services.gateway.people import Session, require

SCOPES: tuple[tuple[ClientScope, str], ...] = (
    ("reads.search", "Search reads"),
    ("hits.subscribe", "Get hits as they come"),
)
HEX_KEY = re.compile(r"[0-9a-fA-F]{64}")
DIGEST = re.compile(r"[0-9a-f]{64}")

Act = Callable[[Session, Filled, str, str], Awaitable[MachineClient]]


def partner_pages(router: APIRouter, gateway: Gateway, frame: Frame) -> None:
    """Adds the page of partners' programs."""
    registry = gateway.partner_clients

    async def listed(request: Request, session: Session, filled: Filled, client_id: str = "") -> Response:
        clients = await registry.all(session, address_of(request))
        keeps = "keep-agreements" in session.rights
        content = {
            "clients": clients,
            "partners": await registry.partners(session) if keeps else {},
            "scopes": SCOPES,
            "filled": filled,
            "filled_of": client_id,
        }
        return frame.page(request, "partners.html", session, status=422 if filled.errors else 200, **content)

    async def done(request: Request, client_id: str, act: Act) -> Response:
        session, filled = await frame.session(request), await filled_in(request)
        try:
            client = await act(session, filled, client_id, address_of(request))
        except InvalidClient as invalid:
            filled.lacks(invalid.missing)
            return await listed(request, session, filled, client_id)
        return see_other(f"/partners#{client.client_id}")

    @router.get("/partners")
    async def clients(request: Request) -> Response:
        return await listed(request, await frame.session(request), Filled({"scopes": "reads.search"}))

    @router.post("/partners")
    async def register(request: Request) -> Response:
        session = await frame.session(request)
        require(session, "keep-agreements")
        filled = await ticked_in(request, {"scopes"})
        new = _new_client(filled)
        if new is None:
            return await listed(request, session, filled)
        try:
            client = await registry.register(session, new, address_of(request))
        except InvalidClient as invalid:
            filled.lacks(invalid.missing)
            return await listed(request, session, filled)
        return see_other(f"/partners#{client.client_id}")

    @router.post("/partners/{client_id}/admission")
    async def admit(request: Request, client_id: str) -> Response:
        return await done(request, client_id, lambda session, _, one, address: registry.admit(session, one, address))

    @router.post("/partners/{client_id}/withdrawal")
    async def withdraw(request: Request, client_id: str) -> Response:
        return await done(
            request,
            client_id,
            lambda session, filled, one, address: registry.withdraw(session, one, filled.text("why"), address),
        )

    @router.post("/partners/{client_id}/end")
    async def end(request: Request, client_id: str) -> Response:
        return await done(
            request,
            client_id,
            lambda session, filled, one, address: registry.end(session, one, filled.text("why"), address),
        )


def _new_client(filled: Filled) -> NewClient | None:
    """What the form asks for; None where a field holds what it cannot, which is noted beside it."""
    digest = filled.text("certificate_sha256").replace(":", "").lower()
    if digest and not DIGEST.fullmatch(digest):
        filled.errors["certificate_sha256"] = "must be the 64 hexadecimal digits of a SHA-256, with or without colons"
    try:
        keys = tuple(_keys(filled.text("keys")))
    except NotAKey as error:
        filled.errors["keys"] = str(error)
    if filled.errors:
        return None
    named = filled.text("scopes").split(",")
    return NewClient(
        agency_id=filled.text("agency_id"),
        keys=keys,
        scopes=tuple(scope for scope, _ in SCOPES if scope in named),
        note=filled.text("note"),
        certificate_sha256=digest or None,
    )


def _keys(text: str) -> Iterator[PublicKey]:
    """The keys in a field: lines of hexadecimal digits, a JWK, or a set of them; raises NotAKey."""
    lines = text.split()
    if lines and all(HEX_KEY.fullmatch(line) for line in lines):
        yield from (raw_public_key(bytes.fromhex(line)) for line in lines)
        return
    try:
        document = json.loads(text)
    except ValueError as error:
        raise NotAKey("must be 64 hexadecimal digits a key, or a JWK") from error
    jwks = document.get("keys", [document]) if isinstance(document, dict) else document
    if not isinstance(jwks, list) or not all(isinstance(jwk, dict) for jwk in jwks):
        raise NotAKey("must be 64 hexadecimal digits a key, or a JWK")
    yield from (public_key(jwk) for jwk in jwks)

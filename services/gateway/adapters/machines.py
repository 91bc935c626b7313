"""Which machine calls: by a token of its own alone, with its certificate where it has one, and for what it opens."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from plateward.contracts.partners import ClientScope
from plateward.kernel.problems import Problem
from services.gateway.adapters.callers import address_of, bearer_of, gateway_of
from services.gateway.adapters.edge import Edge
from services.gateway.adapters.rates import admit
from services.gateway.partners.machines import Machine


def certificate_of(request: Request) -> str | None:
    """The SHA-256 of the certificate by which the caller spoke TLS to the edge, in hexadecimal."""
    edge: Edge = request.app.state.edge
    return edge.certificate_sha256(request)


async def machine_of(request: Request) -> Machine:
    """The machine whose token came with the request; raises a 401 problem, and 429 when it asks too often.

    No cookie is looked at, and no session of a person is a machine's token.
    """
    secret = bearer_of(request)
    tokens = gateway_of(request).partner_tokens
    machine = await tokens.machine(secret, certificate_of(request), address_of(request)) if secret else None
    if machine is None:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"' if secret else "Bearer"}
        raise Problem(401, "Get a token first", "A machine client has its token from /oauth/token.", headers=headers)
    admit(request, machine.as_session)
    return machine


def _with(scope: ClientScope) -> Callable[[Machine], Awaitable[Machine]]:
    async def scoped(machine: Annotated[Machine, Depends(machine_of)]) -> Machine:
        machine.require(scope)
        return machine

    return scoped


MachineCaller = Annotated[Machine, Depends(machine_of)]
"""Any machine with a living token."""

SearchingMachine = Annotated[Machine, Depends(_with("reads.search"))]
"""A machine whose token is for `reads.search`."""

SubscribedMachine = Annotated[Machine, Depends(_with("hits.subscribe"))]
"""A machine whose token is for `hits.subscribe`."""

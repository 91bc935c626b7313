"""The gateway keeps to its own description: schemathesis asks it whatever the description allows, and what it does not.

Everything that is asked comes from the description, so an operation that is added is asked too.
"""

from pathlib import Path
from typing import Any

import pytest

from services.gateway.people import Person
from tests.support.asking import asking
from tests.support.description import tried
from tests.support.doors import Door, table
from tests.support.doors import bodies as bodies_of
from tests.support.gateway_at_work import PASSWORD, GatewayAtWork
from tests.support.things import rights_of, things_of

pytest_plugins = ["tests.support.gateway"]

EVERYTHING, EXAMPLES = ("-n", "2"), ("--phases", "examples")
ROLES = {
    "a detective, asked for everything": ("flagstaff", "Detective", EVERYTHING, "--exclude-name"),
    "a chief, for what is closed to a detective": ("kentucky", "Chief", EXAMPLES, "--include-name"),
}
"""Agency, title, how much is asked, and whether without or only by the doors that are closed to a detective.

A closed door answers 403 to whatever comes, which every title is shown in tests/integration/test_gateway_doors.py.
"""


@pytest.mark.parametrize("role", ROLES)
async def test_what_the_gateway_answers_is_as_it_describes(gateway: GatewayAtWork, role: str, tmp_path: Path) -> None:
    agency, title, how_much, those = ROLES[role]
    person = await gateway.register(agency, title)
    names = {"username": person.username, "password": PASSWORD}
    await tried(
        f"{gateway.url}/openapi.json",
        tmp_path,
        *how_much,
        *(part for door in closed_to("flagstaff", "Detective") for part in (those, str(door))),
        sign_in={"url": f"{gateway.url}/v1/sessions", "body": names},
        **await what_there_is(gateway, person),
    )


def closed_to(agency: str, title: str) -> list[Door]:
    """The doors of programs that ask for a right which the title has not."""
    rights = rights_of(agency, title)
    return [door for door in table() if door.kind == "api" and door.rights and not door.rights & rights]


async def what_there_is(gateway: GatewayAtWork, person: Person) -> dict[str, Any]:
    """Things of the person's agency by the name of the parameter that they are asked by, and bodies in order."""
    console = await gateway.sign_in(person)
    values = {"kind": "plate"} | dict(await things_of(gateway, person.agency_id))
    all_bodies = bodies_of(console, values)
    bodies = {str(door): body for door in table() if (body := all_bodies.get(str(door))) and not door.is_page}
    # Whoever asks is not locked out by the wrong passwords that are tried.
    bodies["POST /v1/sessions"] = {"username": (await gateway.register("florence")).username, "password": PASSWORD}
    return {"values": values, "bodies": bodies}


async def test_it_is_described_in_openapi_3_1_with_all_its_refusals(gateway: GatewayAtWork) -> None:
    async with asking() as http:
        document = (await http.get(f"{gateway.url}/openapi.json")).json()
    assert document["openapi"].startswith("3.1.")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            refusals = {status: one for status, one in operation["responses"].items() if int(status) >= 400}
            assert {"401", "403", "429", "503"} <= refusals.keys(), (method, path)
            assert "404" in refusals or "{" not in path, (method, path)
            assert {"413", "415", "422"} <= refusals.keys() or "requestBody" not in operation, (method, path)
            assert all(list(one["content"]) == ["application/problem+json"] for one in refusals.values())


async def test_no_body_takes_a_field_that_it_does_not_describe(gateway: GatewayAtWork) -> None:
    async with asking() as http:
        document = (await http.get(f"{gateway.url}/openapi.json")).json()
    schemas = document["components"]["schemas"]
    asked = {
        name
        for operations in document["paths"].values()
        for operation in operations.values()
        for name in _referred(operation.get("requestBody", {}), schemas)
    }
    assert asked
    lax = {
        name for name in asked if schemas[name]["type"] == "object" and schemas[name].get("additionalProperties", True)
    }
    assert not lax, "these are no `Asked`"


def _referred(part: Any, schemas: dict[str, Any]) -> set[str]:
    """The names of all schemas that a part of a description refers to."""
    found: set[str] = set()
    match part:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            found = {name} | _referred(schemas[name], schemas)
        case dict():
            found = found.union(*(_referred(one, schemas) for one in part.values()))
        case list():
            found = found.union(*(_referred(one, schemas) for one in part))
    return found

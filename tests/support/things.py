"""What an agency has, by the names of the parameters by which doors ask for it."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from plateward.kernel.clock import now
from plateward.policy.named_titles import named_titles
from plateward.policy.profile import AgencyProfile
from tests.support.gateway_at_work import POLICIES, TITLES, Console, GatewayAtWork, a_hold, an_entry
from tests.support.partners import agreed_with, keeper_of, registered

PLACEMENT = {"name": "Route 66 at Main", "latitude": 35.2, "longitude": -111.65, "bearing_deg": 90.0}


def an_mou_with_one_elsewhere(agency: str) -> dict[str, Any]:
    """What to post to propose that the agency shares reads with one that is not of this deployment."""
    profile = POLICIES[agency]
    elsewhere = {"agency_id": "ashgrove", "name": "Ashgrove", "kind": "law-enforcement", "state": profile.state}
    return {
        "grantor": agency,
        "grantee": "ashgrove",
        "elsewhere": elsewhere,
        "purposes": ["stolen-vehicle"],
        "data_kinds": ["reads"],
        "starts_at": now().isoformat(),
        "ends_at": (now() + timedelta(days=30)).isoformat(),
    }


def a_release(**changes: str) -> dict[str, str]:
    """What to post to take another agency's written request."""
    asked = {
        "kind": "law-enforcement",
        "agency": "Coconino County Sheriff",
        "person": "T. Begay",
        "purpose": "A burglary of 12 November",
        "letter": "Letter of 14 November, file 7",
        "plate": "AB0123",
    }
    return asked | changes


def titles_of(agency: str) -> list[str]:
    """All titles that the agency's profile names for something, and one that it names for nothing.

    Without the vendors': what opens to them is a matter of the hour (tests/conformance/test_people.py).
    """
    profile = POLICIES[agency]
    return sorted({*profile.authorised.titles, *profile.authorised.offices, *_named(profile), "Consultant"})


def titles_apart(agency: str) -> list[str]:
    """One title of each set of rights: to the doors, titles of the same rights are one."""
    return sorted({rights_of(agency, title): title for title in titles_of(agency)}.values())


def _named(profile: AgencyProfile) -> set[str]:
    return {title for titles in named_titles(profile).values() for title in titles}


def rights_of(agency: str, title: str) -> frozenset[str]:
    """The rights of a title in the agency, and what it may do because the policy names it for that."""
    profile = POLICIES[agency]
    agrees = {"agree-to-searches"} if title in profile.inquiries.approvers else set[str]()
    return profile.rights_of(title) | agrees


def titled_for(agency: str, right: str) -> str:
    """A title that has this right in the agency; raises StopIteration when none has."""
    return next(title for title in titles_of(agency) if right in rights_of(agency, title))


def somebody_has(agency: str, right: str) -> bool:
    """Whether any title of the agency has this right."""
    return any(right in rights_of(agency, title) for title in titles_of(agency))


def a_definition(**changes: Any) -> dict[str, Any]:
    """What to post to define a compiled list: vehicles seen of late that are on the department's own list too."""
    asked = {
        "name": "Seen on El Dorado",
        "category": "other",
        "case_number": "26-19455",
        "contact": "209-555-0177",
        "sources": [{"of": "list", "list_id": "department"}, {"of": "reads", "hours_back": 24}],
        "every_hours": 1,
    }
    return asked | changes


async def keep_definition(gateway: GatewayAtWork, console: Console) -> uuid.UUID:
    """A compiled list that waits for approval, also of an agency that has designated none."""
    definition_id = uuid.uuid4()
    document = a_definition(sources=[{"of": "list", "list_id": "department"}]) | {
        "id": str(definition_id),
        "agency_id": console.person.agency_id,
        "list_id": "compiled",
        "asked_by": msgspec.to_builtins(console.person.actor),
        "asked_at": "2026-03-01T09:30:00Z",
    }
    await gateway.administrator.execute(
        "INSERT INTO compiled_lists (id, agency_id, asked_at, document) VALUES ($1, $2, now(), $3)",
        *(definition_id, console.person.agency_id, document),
    )
    return definition_id


OWN_LISTS = {"barstow": "ca-svs", "flagstaff": "acic", "florence": "leds", "kentucky": "link", "stockton": "svs"}
"""A list from elsewhere that no other agency has by that name."""


async def held_file(gateway: GatewayAtWork, agency: str) -> str:
    """The id of a file that waits for a decision, because it halves its list."""
    designator = await gateway.sign_in(await gateway.register(agency, titled_for(agency, "designate-lists")))
    for plates in (("HELD1", "HELD2"), ("HELD1",)):
        text = "".join(f"{plate},stolen-vehicle\n" for plate in plates)
        answer = await designator.http.put(f"/v1/lists/{OWN_LISTS[agency]}/file", content=f"plate,category\n{text}")
        refresh = answer.raise_for_status().json()
    return str(refresh["id"])


async def things_of(gateway: GatewayAtWork, agency: str) -> Mapping[str, str]:
    """One of each, made as people make them; search, export and request are of a person who asks nothing else."""
    searcher = await gateway.sign_in(await gateway.register(agency, TITLES[agency]))
    keeper = await gateway.sign_in(await gateway.register(agency, titled_for(agency, "administer-cameras")))
    read, hit = await gateway.keep_read(agency, plate="AB0123"), await gateway.keep_hit(agency)
    search = (await searcher.http.post("/v1/searches", json=searcher.search())).raise_for_status().json()
    entry = (await searcher.http.post("/v1/hot-list/entries", json=an_entry())).raise_for_status().json()
    release = (await searcher.http.post("/v1/releases", json=a_release())).raise_for_status().json()
    camera = {"camera_id": f"{agency}-{read.id}", "kind": "fixed", "placement": PLACEMENT}
    (await keeper.http.post("/v1/cameras", json=camera)).raise_for_status()
    alarm_id, accused = uuid.uuid4(), await gateway.register(agency)
    await gateway.administrator.execute(
        "INSERT INTO audit.misuse_alarms (id, matter, kind, agency_id, person_id, at, says, evidence, records)"
        " VALUES ($1, $1, 'burst', $2, $3, now(), '20 searches in 15 minutes', '{}', '{}')",
        *(alarm_id, agency, str(accused.id)),
    )
    certificate_id = uuid.uuid4()
    await gateway.administrator.execute(
        "INSERT INTO retention.purge_certificates (id, agency_id, day, issued_at, statement, signature, signer)"
        " VALUES ($1, $2, '2026-03-01', now(), '{}', 'x', 'nobody')",
        *(certificate_id, agency),
    )
    auditor = await gateway.sign_in(await gateway.register(agency, titled_for(agency, "conduct-audits")))
    audit = (await auditor.http.post("/v1/audits")).raise_for_status().json()
    export = await searcher.http.post(f"/v1/searches/{search['search_id']}/exports", json={"format": "csv"})
    approval = await searcher.http.post("/v1/approvals", json=searcher.search())
    hold = await searcher.http.post("/v1/holds", json=a_hold(str(read.id)))
    signer = await gateway.sign_in(await gateway.register(agency, titled_for(agency, "sign-agreements")))
    mou = (await signer.http.post("/v1/mous", json=an_mou_with_one_elsewhere(agency))).raise_for_status().json()
    # With a partner that no other agency has: who shares with the same partner may see its clients, to admit them.
    await agreed_with(gateway, agency, f"{agency}-county", data_kinds=("reads", "hits"))
    machine = await registered(gateway, await keeper_of(gateway, agency), f"{agency}-county")
    return {
        "client_id": machine.client_id,
        "delivery_id": str(await keep_delivery(gateway, agency, machine.client_id)),
        "subscription_id": str(uuid.uuid4()),  # of a machine that has none
        "mou_id": mou["mou_id"],
        "search_id": search["search_id"],
        "export_id": export.raise_for_status().json()["id"],
        "approval_id": approval.raise_for_status().json()["id"],
        "hold_id": hold.raise_for_status().json()["id"],
        "audit_id": audit["id"],
        "read_id": str(read.id),
        "hit_id": str(hit.id),
        "entry_id": entry["id"],
        "release_id": release["id"],
        "definition_id": str(await keep_definition(gateway, searcher)),
        "camera_id": camera["camera_id"],
        "alarm_id": str(alarm_id),
        "certificate_id": str(certificate_id),
        "list_id": OWN_LISTS[agency],
        "refresh_id": await held_file(gateway, agency),
        "person_id": str((await gateway.register(agency)).id),
        "agency_id": agency,
    }


async def keep_delivery(gateway: GatewayAtWork, owner: str, client_id: str) -> uuid.UUID:
    """A hit of the owner's that a client has had by its stream."""
    delivery_id: uuid.UUID = await gateway.administrator.fetchval(
        """
        INSERT INTO hit_deliveries (id, way, client_id, agency_id, owners, hit_id, sequence, made_at, state,
                                    changed_at, next_at)
        VALUES (gen_random_uuid(), 'stream', $1, $2, ARRAY[$3], gen_random_uuid(), 1, now(), 'delivered', now(), now())
        RETURNING id
        """,
        *(client_id, f"{owner}-county", owner),
    )
    return delivery_id

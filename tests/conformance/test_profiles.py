"""Policies as data: a made-up strict agency works as any other, and what contradicts itself is not in force."""

import getpass
import shutil
import uuid
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

import httpx
import pytest
import yaml

from plateward.embedded.ports import free_port
from plateward.kernel.settings import KafkaSettings, PolicySettings
from plateward.policy.catalogue import ProfileError, load_catalogue
from plateward.policy.retention import expires_on
from services.gateway.access import NotRecorded
from services.gateway.account_rules import InvalidAccount, NewAccount
from services.gateway.adapters.stores.people import PostgresPeople
from services.gateway.factory import first_account, running
from services.gateway.people import Person
from services.gateway.settings import GatewaySettings
from tests.support.asking import asking
from tests.support.gateway_at_work import PASSWORD_HASH, GatewayAtWork
from tests.support.topic_tape import TopicTape

pytest_plugins = ["tests.support.gateway"]

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
STRICT = Path(__file__).parents[1] / "data" / "profiles" / "ashgrove.yaml"
INCIDENT = {"incident_number": "A26001234"}


@pytest.fixture(scope="module")
def gateway_settings(gateway_settings: GatewaySettings, tmp_path_factory: pytest.TempPathFactory) -> GatewaySettings:
    """A gateway whose policies are those that come along, and the strict one."""
    folder = tmp_path_factory.mktemp("profiles")
    for file in (resources.files("plateward.policy") / "profiles").iterdir():
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copy(STRICT, folder)
    return gateway_settings.model_copy(update={"policy": PolicySettings(profiles=folder)})


async def test_a_strict_agency_works_by_its_own_rules(gateway: GatewayAtWork) -> None:
    profile = load_catalogue(gateway.settings.policy.profiles)["ashgrove"]
    assert (expires_on(profile, "stream", AT) - AT.date()).days == 21
    person = Person(uuid.uuid4(), "lortega", "L. Ortega", "Investigator", "ashgrove")
    trained = {"privacy-law": datetime.now(UTC).date() - timedelta(days=1), "desk": date(2020, 1, 1)}
    await PostgresPeople(gateway.administrator).register(person, PASSWORD_HASH, trained)
    console = await gateway.sign_in(person)

    async def asked(**values: str) -> httpx.Response:
        reason = {"purpose": "criminal-investigation", "form": "incident", "values": INCIDENT | values}
        question = {
            "plate": "AB0123",
            "captured_from": "2026-01-01T00:00:00Z",
            "captured_until": "2026-01-02T00:00:00Z",
        }
        return await console.http.post("/v1/searches", json=question | {"reason": reason})

    lacking = await asked()
    assert (lacking.status_code, lacking.json()["errors"][0]["field"]) == (422, "reason.offence_class")
    assert (await asked(offence_class="infraction")).status_code == 422
    assert (await asked(offence_class="felony")).status_code == 200


@pytest.mark.clause("F7")
@pytest.mark.clause("F11")
async def test_a_list_for_a_prohibited_purpose_keeps_the_gateway_from_starting(
    gateway_settings: GatewaySettings, tmp_path: Path
) -> None:
    document = yaml.safe_load((resources.files("plateward.policy") / "profiles" / "flagstaff.yaml").read_text("utf-8"))
    switched_on = {"list": "ncic-immigration-violator", "source": "NCIC", "categories": ["other"]}
    document["hot_lists"]["designations"].append(switched_on)
    (tmp_path / "flagstaff.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    contradicting = gateway_settings.model_copy(update={"policy": PolicySettings(profiles=tmp_path)})
    named = r"flagstaff\.yaml .*designations\.ncic-immigration-violator: .*serves immigration-enforcement"
    with pytest.raises(ProfileError, match=named):
        async with running(contradicting):
            pass


@pytest.mark.clause("B17")
async def test_an_agencys_first_account_is_of_a_keeper_and_made_once_and_on_record(
    gateway: GatewayAtWork, access_tape: TopicTape
) -> None:
    settings = gateway.settings
    nowhere = settings.model_copy(update={"kafka": KafkaSettings(bootstrap_servers=f"127.0.0.1:{free_port()}")})
    with pytest.raises(NotRecorded):
        await first_account(nowhere, "kentucky", NewAccount("gprather", "G. Prather", "Chief"))
    with pytest.raises(InvalidAccount, match="title"):
        await first_account(settings, "kentucky", NewAccount("gprather", "G. Prather", "Detective"))
    invited = await first_account(settings, "kentucky", NewAccount("gprather", "G. Prather", "Chief"))
    asked, answered = await access_tape.accesses()
    assert (asked.action, asked.phase, answered.phase) == ("change-account", "asked", "answered")
    assert asked.query == {"person": "gprather", "command": "create", "title": "Chief"}
    assert (asked.actor.name, asked.actor.username) == ("the installation", getpass.getuser())
    async with asking(gateway.url) as http:
        opened = {"username": "gprather", "invitation": invited.invitation, "password": "grey saloon without lights"}
        assert (await http.post("/v1/sessions/invitations", json=opened)).status_code == 201
    with pytest.raises(InvalidAccount, match="the next one is made by them"):
        await first_account(settings, "kentucky", NewAccount("other", "O. Ther", "Chief"))
    with pytest.raises(InvalidAccount, match="no policy in force"):
        await first_account(settings, "mayberry", NewAccount("other", "O. Ther", "Chief"))

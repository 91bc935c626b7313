"""The gateway's fixtures: a gateway, its database and its people last for a module.

A pytest plugin: name it in `pytest_plugins`.
"""

from collections.abc import AsyncIterator, Mapping

import pytest
from pydantic import SecretStr

from plateward.contracts.topics import ACCESS
from plateward.embedded.ports import free_port
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.migrations import migrate
from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.service_schemas import service_schemas
from plateward.kernel.settings import BlobSettings, HttpSettings, KafkaSettings
from plateward.kernel.signatures import make_signing_key
from services.gateway.settings import GatewaySettings
from tests.support.gateway_at_work import ROLE_PASSWORDS, TITLES, Console, GatewayAtWork, dsn_of, gateway_at_work
from tests.support.keys import agency_keys, key_settings
from tests.support.partners import ELSEWHERE
from tests.support.stack import KafkaServer
from tests.support.topic_tape import TopicTape, tape_of


@pytest.fixture(scope="module")
async def gateway_settings(
    kafka: KafkaServer, database: str, tmp_path_factory: pytest.TempPathFactory
) -> GatewaySettings:
    """The settings of a gateway whose topics and database are prepared."""
    kafka_settings = KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)
    await prepare_topics(kafka_settings)
    await migrate(database, service_schemas(ROLE_PASSWORDS))
    signing_key = tmp_path_factory.mktemp("signing") / "signing.pem"
    make_signing_key(signing_key)
    return GatewaySettings(
        signing_key_file=signing_key,
        kafka=kafka_settings,
        http=HttpSettings(port=free_port()),
        database=DatabaseSettings(dsn=SecretStr(dsn_of("gateway", database))),
        blobs=BlobSettings(folder=tmp_path_factory.mktemp("blobs")),
        keys=key_settings(tmp_path_factory.mktemp("keys")),
        second_factor="off",
        agency_keys=agency_keys(tmp_path_factory.mktemp("agency-keys"), (*TITLES, *ELSEWHERE)),
        self_check_hours=0,
        # A module's tests come from one address, and do in a minute what people do in a day.
        sign_ins_per_minute=60_000,
        requests_per_minute=600_000,
    )


@pytest.fixture(scope="module")
async def gateway(gateway_settings: GatewaySettings, database: str) -> AsyncIterator[GatewayAtWork]:
    """The module's gateway."""
    async with gateway_at_work(gateway_settings, database) as gateway:
        yield gateway


@pytest.fixture(scope="module")
async def consoles(gateway: GatewayAtWork) -> Mapping[str, Console]:
    """A person with full rights, signed in, for each agency."""
    return {agency: await gateway.sign_in(await gateway.register(agency)) for agency in TITLES}


@pytest.fixture
async def access_tape(gateway: GatewayAtWork) -> AsyncIterator[TopicTape]:
    """The access records of this test."""
    async with tape_of(ACCESS, gateway.settings.kafka.bootstrap_servers) as tape:
        yield tape

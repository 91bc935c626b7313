"""What whoever runs the platform asks of the gateway's store by command."""

import getpass
import socket
from contextlib import AsyncExitStack

from aiokafka.errors import KafkaError

from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.postgres import database_pool
from plateward.policy.catalogue import load_catalogue
from plateward.policy.reasons import Missing
from services.gateway.access import AccessGate, NotRecorded
from services.gateway.account_rules import InvalidAccount, NewAccount
from services.gateway.accounts import Installing, Invited, begin_accounts
from services.gateway.adapters.access_topic import AccessTopic
from services.gateway.adapters.stores.accounts import PostgresAccounts
from services.gateway.adapters.stores.cameras import PostgresCameras
from services.gateway.camera_health import CameraHealth, KnownCamera, health
from services.gateway.settings import GatewaySettings


async def overdue_inspections(settings: GatewaySettings) -> list[CameraHealth]:
    """The cameras of all agencies whose inspection is overdue, by agency and id."""
    policies, at = load_catalogue(settings.policy.profiles), now()
    async with database_pool(settings.database, schema="gateway") as pool:
        cameras = await PostgresCameras(pool).to_inspect()
    found = [health(KnownCamera(camera, None), policies[camera.agency_id], at) for camera in cameras]
    return [one for one in found if one.overdue]


async def first_account(settings: GatewaySettings, agency_id: str, new: NewAccount) -> Invited:
    """The first account of an agency, made by whoever installs the platform; raises InvalidAccount, NotRecorded."""
    profile = load_catalogue(settings.policy.profiles).get(agency_id)
    if profile is None:
        raise InvalidAccount(Missing("agency", f"{agency_id} has no policy in force here"))
    installing = Installing(getpass.getuser(), socket.gethostname(), now())
    async with database_pool(settings.database, schema="gateway") as pool, AsyncExitStack() as stack:
        try:
            publisher = await stack.enter_async_context(open_publisher(settings.kafka, source="gateway"))
        except KafkaError as error:
            raise NotRecorded("the access log is not in reach") from error
        gate = AccessGate(AccessTopic(publisher, settings.record_within_seconds), now)
        return await begin_accounts(PostgresAccounts(pool), gate, profile, new, installing)

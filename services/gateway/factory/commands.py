"""What whoever runs the platform asks of the gateway's store by command."""

from plateward.kernel.clock import now
from plateward.kernel.postgres import database_pool
from plateward.policy.catalogue import load_catalogue
from plateward.policy.reasons import Missing
from services.gateway.account_rules import InvalidAccount, NewAccount
from services.gateway.accounts import Invited, begin_accounts
from services.gateway.adapters.account_store import PostgresAccounts
from services.gateway.adapters.camera_store import PostgresCameras
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
    """The first account of an agency, made by whoever installs the platform; raises InvalidAccount."""
    profile = load_catalogue(settings.policy.profiles).get(agency_id)
    if profile is None:
        raise InvalidAccount(Missing("agency", f"{agency_id} has no policy in force here"))
    async with database_pool(settings.database, schema="gateway") as pool:
        return await begin_accounts(PostgresAccounts(pool), profile, new, now())

"""A process that delivers to one partner until it is killed: `python -m … DSN AGENCY AUTHORITIES`."""

import asyncio
import sys
from pathlib import Path

from pydantic import SecretStr

from plateward.kernel.postgres import DatabaseSettings, database_pool
from plateward.kernel.status import Status
from services.gateway.adapters.delivering import Delivering
from services.gateway.adapters.stores.one_transaction import JoiningPool
from services.gateway.hits import Bell
from tests.support.delivering import World, sharing_hits_with


async def main(dsn: str, agency: str, authorities: str) -> None:
    settings = DatabaseSettings(dsn=SecretStr(dsn), connections=4)
    async with database_pool(settings, schema="gateway") as connections:
        world = World(JoiningPool(connections), agency, mous=[sharing_hits_with(agency)])
        await Delivering(world.deliveries(seconds=60.0, authorities=Path(authorities)), Bell(), Status()).run(
            asyncio.Event()
        )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""`plateward invite`: the first account of an agency, when there is nobody yet who could make one."""

import asyncio
from typing import Annotated

import typer


def invite(
    agency: Annotated[str, typer.Argument(help="The agency's id.")],
    username: Annotated[str, typer.Argument(help="The log-in name, in small letters.")],
    name: Annotated[str, typer.Argument(help="The person's name.")],
    title: Annotated[str, typer.Argument(help="A title that the agency's policy has keep the accounts.")],
) -> None:
    """Makes the first account of an agency, of a title that keeps accounts, and prints its invitation.

    It is on record, or it is not done.
    """
    from services.gateway.access import NotRecorded
    from services.gateway.account_rules import InvalidAccount, NewAccount
    from services.gateway.factory import first_account
    from services.gateway.settings import GatewaySettings

    try:
        invited = asyncio.run(first_account(GatewaySettings(), agency, NewAccount(username, name, title)))
    except InvalidAccount as invalid:
        typer.echo(invalid, err=True)
        raise typer.Exit(1) from invalid
    except NotRecorded as unrecorded:
        typer.echo(f"{unrecorded}; no account was made, since nothing is done that is not on record", err=True)
        raise typer.Exit(1) from unrecorded
    typer.echo(f"Tell {name} in person: log-in {username}, invitation {invited.invitation} (three days)")

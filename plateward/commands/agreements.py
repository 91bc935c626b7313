"""`plateward mou`: who may see what of whom, in plain words."""

import asyncio
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Agreements between agencies.")


@app.callback()
def all_agreements() -> None:
    """Agreements between agencies, which both sides sign."""


@app.command()
def show(
    agency: Annotated[str, typer.Argument(help="An agency's id, or an MOU's; all by default.")] = "",
) -> None:
    """Says of each agreement how it stands and what it lets be seen; reads the gateway's database."""
    from services.gateway.factory import agreements_in_words
    from services.gateway.settings import GatewaySettings

    found = asyncio.run(agreements_in_words(GatewaySettings(), agency))
    for one in found:
        typer.echo(
            f"{one.mou_id}, version {one.version}: {one.state}, {one.starts_at:%Y-%m-%d} to {one.ends_at:%Y-%m-%d}"
        )
        for sentence in one.sentences:
            typer.echo(f"  {sentence}")
    if not found:
        typer.echo("Nothing is shared: no agreement is on file.")

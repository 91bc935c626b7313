"""`plateward mou`: who may see what of whom, in plain words."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Agreements between agencies.")

Token = Annotated[str, typer.Option(prompt=True, hide_input=True, envvar="PLATEWARD_TOKEN", help="Of your session.")]
Gateway = Annotated[str, typer.Option(help="Where the gateway answers.")]
GATEWAY = "http://127.0.0.1:8080"


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


@app.command("pass-on")
def pass_on(
    mou: Annotated[str, typer.Argument(help="The agreement, by its id.")],
    token: Token,
    version: Annotated[int | None, typer.Option(help="The newest by default.")] = None,
    gateway: Gateway = GATEWAY,
) -> None:
    """Prints an agreement with an agency of another region, signed, for that agency to take."""
    from plateward.exchanging import NotExchanged, document

    try:
        typer.echo(document(gateway, token, mou, version))
    except NotExchanged as refusal:
        typer.echo(refusal, err=True)
        raise typer.Exit(1) from refusal


@app.command()
def receive(
    file: Annotated[Path, typer.Argument(help="The document that the other agency has passed on.")],
    token: Token,
    gateway: Gateway = GATEWAY,
) -> None:
    """Takes what an agency of another region has passed on: its proposal, its signature, or that it is stopped."""
    from plateward.exchanging import NotExchanged, received

    try:
        typer.echo(received(gateway, token, file.read_bytes()))
    except NotExchanged as refusal:
        typer.echo(refusal, err=True)
        raise typer.Exit(1) from refusal

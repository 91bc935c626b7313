"""`plateward lists`: brings a file of a list to the gateway, as a program that exports one would."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(no_args_is_help=True, help="Brings hot lists from elsewhere up to date.")

PIECE_BYTES = 256 * 1024


@app.callback()
def lists() -> None:
    """Brings hot lists from elsewhere up to date."""


@app.command()
def bring(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The list's newest file, whole.")],
    list_id: Annotated[str, typer.Option("--list", help="The list, as the agency's profile names it.")],
    token: Annotated[
        str, typer.Option(prompt=True, hide_input=True, envvar="PLATEWARD_TOKEN", help="Of your session.")
    ],
    format: Annotated[
        Literal["ncic", "csv", "json"] | None, typer.Option(help="How it is written; else as the gateway has it.")
    ] = None,
    as_of: Annotated[datetime | None, typer.Option(help="When its source had the list so, in UTC; else now.")] = None,
    case_number: Annotated[str, typer.Option(help="For a special list.")] = "",
    gateway: Annotated[str, typer.Option(help="Where the gateway answers.")] = "http://127.0.0.1:8080",
) -> None:
    """Replaces a list by a file, and says what became of it. The asking is recorded."""
    import httpx

    asked = {"format": format, "as_of": f"{as_of.isoformat()}Z" if as_of else None, "case_number": case_number or None}
    answer = httpx.put(
        f"{gateway.rstrip('/')}/v1/lists/{list_id}/file",
        params={name: value for name, value in asked.items() if value is not None},
        content=_pieces(file),
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout(30, read=600),
    )
    told = answer.json()
    if not answer.is_success:
        typer.echo(f"{told.get('title')}: {told.get('detail') or told.get('errors') or answer.status_code}", err=True)
        raise typer.Exit(1)
    typer.echo(
        f"{told['state']}{': ' + told['why'] if told['why'] else ''}; {told['accepted']} lines taken, "
        f"{told['rejected']} rejected; {told['added']} added, {told['changed']} changed, {told['removed']} removed"
    )


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        yield from iter(lambda: opened.read(PIECE_BYTES), b"")

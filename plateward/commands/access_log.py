"""`plateward log`: takes records and proofs out of the audit service's database, for those who may have them."""

import asyncio
import uuid
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Takes the access log, or a record with its proof, out of the database.")

Stamped = Annotated[
    bool, typer.Option("--stamped", help="Under the newest checkpoint that a time-stamp authority has stamped.")
]


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A folder to make; there must be none.")],
    stamped: Stamped = False,
) -> None:
    """Writes all records that are under the newest checkpoint, and the checkpoint, for `plateward verify log`."""
    from plateward.kernel.postgres import DatabaseSettings
    from services.audit.factory import export_log
    from services.audit.tree import TreeDamaged

    try:
        folder.mkdir()
        count = asyncio.run(export_log(DatabaseSettings(), folder, stamped=stamped))
    except (OSError, TreeDamaged) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{count} records in {folder}")


@app.command()
def prove(
    access_id: Annotated[uuid.UUID, typer.Argument(help="The number of the look, as its page shows it.")],
    folder: Annotated[Path, typer.Argument(help="A folder for the files, one for each record of the look.")],
    stamped: Stamped = False,
) -> None:
    """Writes the records of one look, each with its proof, for `plateward verify record`."""
    from plateward.kernel.postgres import DatabaseSettings
    from services.audit.factory import prove_look
    from services.audit.tree import TreeDamaged

    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = asyncio.run(prove_look(DatabaseSettings(), access_id, folder, stamped=stamped))
    except (OSError, TreeDamaged) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    for file in written:
        typer.echo(file)
    if not written:
        typer.echo("the checkpoint has no record of this look", err=True)
        raise typer.Exit(1)

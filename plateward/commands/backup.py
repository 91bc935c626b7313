"""`plateward backup`: the rows of reads and hits, sealed, which pg_dump must not copy (docs/operations/backup.md)."""

import asyncio
from pathlib import Path

import typer

app = typer.Typer(no_args_is_help=True, help="Backups of rows that go dark with their keys.")


@app.command()
def rows(folder: Path) -> None:
    """Writes the rows of reads and hits, sealed under the data keys of their agencies and days."""
    from services.retention.factory import back_up_rows
    from services.retention.settings import RetentionSettings

    files = asyncio.run(back_up_rows(RetentionSettings(), folder))
    typer.echo(f"{len(files)} files in {folder}")


@app.command()
def restore_rows(folder: Path) -> None:
    """Puts back the rows that still open, and says which are dark; retention's next round purges."""
    from services.retention.factory import restore_rows as restored
    from services.retention.settings import RetentionSettings

    files = asyncio.run(restored(RetentionSettings(), folder))
    for file in files:
        if file.dark:
            typer.echo(f"dark: {file.table} of {file.agency_id}, {file.day}")
    typer.echo(f"{sum(not file.dark for file in files)} of {len(files)} files restored")

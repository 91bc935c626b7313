"""`plateward retention`: is everything gone that should be, and what would a changed policy change?"""

import asyncio
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="What is kept, and whether everything else is gone.")


@app.command()
def verify() -> None:
    """Proves from the stores that nothing expired is left, and that nothing lacks its other half; fails otherwise."""
    from services.retention.factory import verify as verified
    from services.retention.settings import RetentionSettings

    findings = asyncio.run(verified(RetentionSettings()))
    for finding in findings:
        typer.echo(finding)
    typer.echo(f"rows, images, keys, topics: {len(findings) or 'no'} findings")
    if findings:
        raise typer.Exit(1)


@app.command()
def redate(
    dry_run: Annotated[bool, typer.Option(help="Only say what would move.")] = False,
) -> None:
    """Gives what is kept the days that the policies say today; what would be gone by now goes with the next purge."""
    from plateward.kernel.clock import now
    from services.retention.factory import redate as redated
    from services.retention.settings import RetentionSettings

    today = now().date()
    for one in asyncio.run(redated(RetentionSettings(), dry_run=dry_run)):
        goes = "gone with the next purge" if one.then_on <= today else "moves"
        typer.echo(f"{one.agency_id}\t{one.now_on}\t{one.then_on}\t{one.reads} reads\t{goes}")


@app.command()
def confirm_clock() -> None:
    """Says that the database's clock is right, after a long time without a purge."""
    from services.retention.factory import confirm_clock as confirmed
    from services.retention.settings import RetentionSettings

    typer.echo(f"believed from now on: {asyncio.run(confirmed(RetentionSettings())).isoformat()}")

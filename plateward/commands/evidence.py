"""`plateward evidence`: what is due, packages of what is held, and checking them anywhere."""

import asyncio
import uuid
from pathlib import Path
from typing import Annotated

import typer

from plateward.kernel.evidence_packages import NotEvidence, check_package

app = typer.Typer(no_args_is_help=True, help="What cases need: due, exported, checked.")


@app.command()
def verify(
    package: Path, signer: Annotated[str | None, typer.Option(help="Whom it must be signed by.")] = None
) -> None:
    """Checks a package offline: every file there, none changed, none added, and signed."""
    try:
        checked = check_package(package, signer)
    except NotEvidence as error:
        typer.echo(f"{package}: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{package}: {checked.files} files as they were signed by {checked.signer}")


@app.command()
def due() -> None:
    """Lists the data of cases that goes within the days at which each agency is warned, and is in no evidence."""
    from services.retention.factory import evidence_due
    from services.retention.settings import RetentionSettings

    for one in asyncio.run(evidence_due(RetentionSettings())):
        typer.echo("\t".join(map(str, (one["expires_on"], one["agency_id"], one["case_number"], one["read_id"]))))


@app.command()
def export(
    hold_id: uuid.UUID,
    package: Path,
    who: Annotated[str, typer.Option(help="Who takes it.")],
) -> None:
    """Writes a hold's evidence as a package, with the trail of who looked at it from the access log."""
    from services.retention.factory import export_evidence
    from services.retention.settings import RetentionSettings

    package.write_bytes(asyncio.run(export_evidence(RetentionSettings(), hold_id, who)))
    typer.echo(package)

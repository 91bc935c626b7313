"""`plateward evidence`: what cases need is held and exported before its day, and packages are checked anywhere."""

import asyncio
import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from plateward.kernel.clock import now
from plateward.kernel.evidence_packages import NotEvidence, check_package

app = typer.Typer(no_args_is_help=True, help="What cases need: held, exported, checked.")


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
def hold(
    agency: Annotated[str, typer.Option()],
    case: Annotated[str, typer.Option()],
    reason: Annotated[str, typer.Option()],
    requested_by: Annotated[str, typer.Option()],
    approved_by: Annotated[str, typer.Option()],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day on which it is over.")],
    reads: Annotated[list[uuid.UUID], typer.Argument()],
) -> None:
    """Copies reads, their hits and pictures to evidence, for a case, on the word of two people, until a day."""
    from services.retention.factory import place_hold
    from services.retention.holds import Hold, HoldRefused
    from services.retention.settings import RetentionSettings

    at = now()
    asked = Hold(
        id=uuid.uuid4(),
        agency_id=agency,
        case_number=case,
        reason=reason,
        requested_by=requested_by,
        requested_at=at,
        approved_by=approved_by,
        approved_at=at,
        ends_on=until.date(),
        read_ids=tuple(reads),
    )
    try:
        items = asyncio.run(place_hold(RetentionSettings(), asked))
    except (HoldRefused, KeyError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{asked.id}: {items} reads and hits are in evidence until {asked.ends_on}")


@app.command()
def export(
    hold_id: uuid.UUID,
    package: Path,
    who: Annotated[str, typer.Option(help="Who takes it.")],
    access: Annotated[
        Path | None, typer.Option(help="Access records, one JSON a line, to take the trail from.")
    ] = None,
) -> None:
    """Writes a hold's evidence as a package."""
    from services.retention.factory import export_evidence
    from services.retention.settings import RetentionSettings

    lines = access.read_text(encoding="utf-8").splitlines() if access else []
    trail = [json.loads(line) for line in lines if line.strip()]
    package.write_bytes(asyncio.run(export_evidence(RetentionSettings(), hold_id, who, trail)))
    typer.echo(package)

"""`plateward verify`: checks an access log offline, with no server, no database, and nobody's word but the keys'."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from plateward.commands.redrawing import redrawn
from plateward.tlog.evidence import ConsistencyEvidence, InclusionEvidence
from plateward.tlog.keys import NotSigned, PublicKey
from plateward.tlog.notes import parse_note
from plateward.tlog.proofs import NotProven
from plateward.tlog.text import Malformed
from plateward.tlog.timestamps import Authorities, NotStamped
from plateward.tlog.verifying import Trust, Verified, verify_checkpoint, verify_consistency, verify_log, verify_record

app = typer.Typer(no_args_is_help=True, help="Checks an access log, or a part of it, offline.")

LogKey = Annotated[str, typer.Option("--key", help="The log's public key, as `plateward key` printed it.")]
WitnessKeys = Annotated[list[str] | None, typer.Option("--witness", help="A witness's public key; once for each.")]
Quorum = Annotated[int, typer.Option(help="How many of the witnesses must have cosigned.")]
Authority = Annotated[
    Path | None,
    typer.Option(
        "--authority", help="Certificates (PEM) of time-stamp authorities, one of which must have stamped it."
    ),
]

RECORDS = "records.jsonl"
CHECKPOINT = "checkpoint"


@app.command()
def log(
    folder: Annotated[Path, typer.Argument(help="What `plateward log export` wrote.")],
    key: LogKey,
    witness: WitnessKeys = None,
    quorum: Quorum = 0,
    authority: Authority = None,
) -> None:
    """Checks a whole exported log: every record, in its place, and none missing."""
    trust = _trust(key, witness, quorum, authority)

    def verified() -> list[Verified]:
        note = parse_note(_text(folder / CHECKPOINT))
        return [verify_log(_lines(folder / RECORDS), note, trust)]

    _report(verified)


@app.command()
def record(
    proof: Annotated[Path, typer.Argument(help="The record's proof.")],
    key: LogKey,
    record: Annotated[Path | None, typer.Option(help="The record, where the proof does not carry it.")] = None,
    witness: WitnessKeys = None,
    quorum: Quorum = 0,
    authority: Authority = None,
) -> None:
    """Checks that a record is in the log, and prints it."""
    trust = _trust(key, witness, quorum, authority)

    def verified() -> list[Verified]:
        evidence = InclusionEvidence.parse(_text(proof))
        content = record.read_bytes().removesuffix(b"\n") if record else evidence.record
        if content is None:
            raise Malformed("the proof does not carry the record: give it with --record")
        outcome = verify_record(content, evidence, trust)
        typer.echo(content.decode())
        return [outcome]

    _report(verified)


@app.command()
def checkpoints(
    old: Annotated[Path, typer.Argument(help="The older checkpoint, as it was kept.")],
    proof: Annotated[Path, typer.Argument(help="The proof of consistency, with the newer checkpoint.")],
    key: LogKey,
    witness: WitnessKeys = None,
    quorum: Quorum = 0,
    authority: Authority = None,
) -> None:
    """Checks that the log of an older checkpoint is the beginning of the log of a newer one."""
    trust = _trust(key, witness, quorum, authority)

    def verified() -> list[Verified]:
        before, after = parse_note(_text(old)), ConsistencyEvidence.parse(_text(proof))
        return list(verify_consistency(before, after, trust))

    _report(verified)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="What `plateward log export` wrote.")],
    checkpoint: Annotated[
        Path, typer.Argument(help="The checkpoint that drew the sample, as the audit's page has it.")
    ],
    opening: Annotated[uuid.UUID, typer.Option(help="The number of the look by which the audit was opened.")],
    key: LogKey,
) -> None:
    """Draws an audit's sample again, and prints the ids of its records in the order of the lot."""
    trust = _trust(key, None, 0, None)

    def verified() -> list[Verified]:
        seed = parse_note(_text(checkpoint))
        for record_id in redrawn(_lines(folder / RECORDS), seed, opening, trust):
            typer.echo(record_id)
        return [verify_checkpoint(seed, trust)]

    _report(verified)


def _trust(key: str, witnesses: list[str] | None, quorum: int, authority: Path | None) -> Trust:
    try:
        authorities = Authorities.parse(authority.read_bytes()) if authority else None
        keys = tuple(PublicKey.parse(one) for one in witnesses or ())
        return Trust(PublicKey.parse(key), keys, quorum, authorities)
    except (ValueError, OSError) as error:
        raise typer.BadParameter(str(error)) from error


def _report(verified: Callable[[], list[Verified]]) -> None:
    try:
        outcomes = verified()
    except (Malformed, NotSigned, NotStamped, NotProven, UnicodeDecodeError, OSError) as error:
        typer.echo(f"NOT VERIFIED: {error}", err=True)
        raise typer.Exit(1) from error
    for outcome in outcomes:
        others = "".join(f", cosigned by {name} at {at:%F %T}Z" for name, at in outcome.cosigned_at.items())
        others += "".join(f", stamped by {name} at {at:%F %T}Z" for name, at in outcome.stamped_at.items())
        checkpoint = outcome.checkpoint
        typer.echo(f"verified: {checkpoint.origin}, {checkpoint.size} records, root {checkpoint.root.hex()}{others}")


def _text(file: Path) -> str:
    return file.read_bytes().decode()


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                raise NotProven("the last record is cut off")
            yield line.removesuffix(b"\n")

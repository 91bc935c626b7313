"""`plateward keys`: the keys that a deployment is made with, each in a file that its owner alone may read."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The keys that wrap data keys, and those that sign.")

Name = Annotated[str, typer.Argument(help="Its name for ever, like access.flagstaff.example: no spaces, no plus.")]
File = Annotated[Path, typer.Argument(help="Where the private key is written; there must be no such file.")]


@app.command()
def new(file: Path) -> None:
    """Adds a new wrapping key to a key file, making the file where there is none. The last one wraps, all unwrap."""
    from plateward.kernel.key_encryption import add_key

    add_key(file)
    typer.echo(f"{file}: a new key wraps from the services' next start on")


@app.command()
def rewrap() -> None:
    """Wraps every data key under the key file's last key; then the earlier lines can be taken out.

    That done, copies of the keyring made before are dark.
    """
    from plateward.kernel.keys import open_keyring
    from plateward.kernel.settings import BlobSettings, KeySettings

    rewrapped = asyncio.run(open_keyring(KeySettings(), BlobSettings()).rewrap())
    typer.echo(f"{rewrapped} data keys are wrapped under the last key of the file")


@app.command()
def signing(file: File) -> None:
    """Makes the key that signs purge certificates and evidence, and prints what others know it by."""
    from plateward.kernel.signatures import make_signing_key

    typer.echo(make_signing_key(file).name)


@app.command()
def log(name: Name, file: File) -> None:
    """Makes the key that signs the access log's checkpoints, and prints its public half, which is for everyone."""
    _make("log", name, file)


@app.command()
def witness(name: Name, file: File) -> None:
    """Makes the key by which a witness cosigns others' logs, and prints its public half, which is for everyone."""
    _make("witness", name, file)


def _make(role: str, name: str, file: Path) -> None:
    from plateward.kernel.key_files import KeyFileError, create_key_file
    from plateward.tlog.keys import Role

    try:
        made = create_key_file(file, name, Role[role.upper()])
    except KeyFileError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    typer.echo(made.public)

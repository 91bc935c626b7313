"""`plateward keys`: the key that wraps all data keys."""

import asyncio
from pathlib import Path

import typer

from plateward.kernel.key_encryption import add_key
from plateward.kernel.keys import open_keyring
from plateward.kernel.settings import BlobSettings, KeySettings
from plateward.kernel.signatures import make_signing_key

app = typer.Typer(no_args_is_help=True, help="The key that wraps all data keys.")


@app.command()
def new(file: Path) -> None:
    """Adds a new key to a key file, making the file where there is none. The last key wraps, all unwrap."""
    add_key(file)
    typer.echo(f"{file}: a new key wraps from the services' next start on")


@app.command()
def rewrap() -> None:
    """Wraps every data key under the key file's last key; then the earlier lines can be taken out.

    That done, copies of the keyring made before are dark.
    """
    rewrapped = asyncio.run(open_keyring(KeySettings(), BlobSettings()).rewrap())
    typer.echo(f"{rewrapped} data keys are wrapped under the last key of the file")


@app.command()
def signing(file: Path) -> None:
    """Makes the key that signs purge certificates and evidence, and prints what others know it by."""
    typer.echo(make_signing_key(file).name)

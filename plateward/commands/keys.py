"""`plateward key`: makes the key of a log or of a witness."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class KeyOf(StrEnum):
    """Whose key is made."""

    log = "log"
    witness = "witness"


def key(
    of: Annotated[KeyOf, typer.Argument(help="Whose key it is.")],
    name: Annotated[str, typer.Argument(help="Its name for ever, like access.flagstaff.example: no spaces, no plus.")],
    file: Annotated[Path, typer.Argument(help="Where the private key is written; there must be no such file.")],
) -> None:
    """Makes a key in a file that its owner alone may read, and prints the public key, which is for everyone."""
    from plateward.kernel.key_files import KeyFileError, create_key_file
    from plateward.tlog.keys import Role

    try:
        made = create_key_file(file, name, Role[of.name.upper()])
    except KeyFileError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    typer.echo(made.public)

"""`plateward policy`: what a profile says in plain words, and where it contradicts itself."""

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from plateward.policy.catalogue import ProfileError, parse_profile
from plateward.policy.contradictions import contradictions
from plateward.policy.plain_words import in_plain_words
from plateward.policy.profile import AgencyProfile

app = typer.Typer(no_args_is_help=True, help="Agencies' policies.")


@app.callback()
def all_policies() -> None:
    """Agencies' policies, which are data."""


@app.command()
def check(
    which: Annotated[str, typer.Argument(help="A folder of profiles, a file, or an agency's id; all by default.")] = "",
) -> None:
    """Explains profiles in plain words, and says where one contradicts itself or the law. Fails where one does."""
    refused = 0
    for file in _files(which):
        try:
            profile = parse_profile(file.read_text(encoding="utf-8"), file.name)
        except ProfileError as error:
            typer.echo(f"✗ {error}\n")
            refused += 1
            continue
        refused += _explain(profile)
    raise typer.Exit(1 if refused else 0)


def _explain(profile: AgencyProfile) -> bool:
    """Prints the profile; whether it contradicts itself."""
    typer.echo(f"{profile.name} ({profile.id}, {profile.state}): {profile.policy}")
    for chapter in in_plain_words(profile):
        typer.echo(f"\n  {chapter.title} ({chapter.section})")
        for sentence in chapter.sentences:
            typer.echo(f"    {sentence}")
    found = contradictions(profile)
    typer.echo("")
    for one in found:
        typer.echo(f"  ✗ {one}")
    typer.echo("  ✗ It cannot be put in force.\n" if found else "  ✓ Free of contradictions.\n")
    return bool(found)


def _files(which: str) -> Iterator[Traversable | Path]:
    """The profiles that are meant; none is a failure that says what there is."""
    shipped = resources.files("plateward.policy") / "profiles"
    own = Path(which) if which else None
    folder: Traversable | Path = own if own is not None and own.is_dir() else shipped
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    if own is not None and own.is_file():
        files = [own]
    elif folder is shipped and which:
        files = [file for file in files if file.name == f"{which}.yaml"]
    if not files:
        raise typer.BadParameter(f"{which} is no folder with profiles (*.yaml), no profile, and no agency's id")
    yield from files

"""The command `plateward`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from plateward.commands import (
    access_log,
    agreements,
    backup,
    evidence,
    inviting,
    keeping,
    keys,
    lists,
    policies,
    verifying,
)
from plateward.kernel.service_schemas import WITH_SCHEMA, service_schemas

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Plateward, from the command line."
)
app.add_typer(policies.app, name="policy")
app.add_typer(keys.app, name="keys")
app.add_typer(keeping.app, name="retention")
app.add_typer(evidence.app, name="evidence")
app.add_typer(backup.app, name="backup")
app.command()(inviting.invite)
app.add_typer(verifying.app, name="verify")
app.add_typer(access_log.app, name="log")
app.add_typer(agreements.app, name="mou")
app.add_typer(lists.app, name="lists")

SCHEMAS = Path("schemas")
PROFILE_SCHEMA = SCHEMAS / "policy" / "agency-profile.schema.json"


class MigrateSettings(BaseSettings):
    """What migrating needs to know (`PLATEWARD_MIGRATE_…`)."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_MIGRATE_")

    dsn: SecretStr = Field(
        default=SecretStr("postgresql://127.0.0.1:5432/plateward"),
        description="The database, as its administrator reaches it.",
    )
    ingest_password: SecretStr | None = Field(default=None, description="Set as the password of plateward_ingest.")
    retention_password: SecretStr | None = Field(default=None, description="… of plateward_retention.")
    audit_password: SecretStr | None = Field(default=None, description="… of plateward_audit.")
    gateway_password: SecretStr | None = Field(default=None, description="… of plateward_gateway.")

    def passwords(self) -> dict[str, str | None]:
        """The passwords by service."""
        found = {name: getattr(self, f"{name}_password") for name in WITH_SCHEMA}
        return {name: secret.get_secret_value() if secret else None for name, secret in found.items()}


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="Play the feed once, print the account of it, and end.")] = False,
    frames: Annotated[Path | None, typer.Option(help="Play this folder's photographs instead.")] = None,
) -> None:
    """A region on this machine: its own Kafka and PostgreSQL, the six services, and cameras that see traffic."""
    from demo.run import play_on, play_once

    raise typer.Exit(uvloop.run(play_once(frames) if once or frames else play_on()))


@app.command()
def migrate() -> None:
    """Brings the topics and the database schemas up to date."""
    from plateward.kernel.kafka.topics import prepare_topics
    from plateward.kernel.migrations import migrate as migrate_schemas
    from plateward.kernel.settings import KafkaSettings

    settings = MigrateSettings()

    async def bring_up() -> list[str]:
        created = await prepare_topics(KafkaSettings())
        return created + await migrate_schemas(settings.dsn.get_secret_value(), service_schemas(settings.passwords()))

    for done in asyncio.run(bring_up()):
        typer.echo(done)


@app.command()
def inspections() -> None:
    """Lists the cameras whose inspection is overdue, by agency; reads the gateway's database."""
    from services.gateway.factory import overdue_inspections
    from services.gateway.settings import GatewaySettings

    for one in asyncio.run(overdue_inspections(GatewaySettings())):
        camera = one.registration
        due = f"due {one.inspection_due_at:%Y-%m-%d}"
        typer.echo("\t".join((camera.agency_id, camera.camera_id, camera.place.name, due)))


@app.command()
def explain(
    read_id: Annotated[str, typer.Argument(help="A read of your agency.")],
    purpose: Annotated[str, typer.Option(help="What you ask for, as your agency's policy names it.")],
    form: Annotated[str, typer.Option(help="The form of your reason.")],
    value: Annotated[list[str], typer.Option(help="One field of it, name=value; as often as the form has fields.")],
    token: Annotated[
        str, typer.Option(prompt=True, hide_input=True, envvar="PLATEWARD_TOKEN", help="Of your session.")
    ],
    gateway: Annotated[str, typer.Option(help="Where the gateway answers.")] = "http://127.0.0.1:8080",
) -> None:
    """Says which entries a read was compared with, and why each was a hit or not. The asking is recorded."""
    from plateward.explaining import NotExplained, explained, in_words

    reason = {"purpose": purpose, "form": form, "values": dict(one.split("=", 1) for one in value)}
    try:
        for line in in_words(explained(gateway, token, read_id, reason)):
            typer.echo(line)
    except NotExplained as refusal:
        typer.echo(refusal, err=True)
        raise typer.Exit(1) from refusal


@app.command()
def witness() -> None:
    """Watches other deployments' access logs, and cosigns their checkpoints (`PLATEWARD_WITNESS_…`)."""
    from services.witness.main import main

    main()


@app.command()
def models() -> None:
    """Makes the recogniser's eight-bit models, once for an installation; some minutes."""
    from services.recognizer.factory import make_models

    make_models(typer.echo)


@app.command()
def schemas(
    check: Annotated[bool, typer.Option(help="Write nothing; fail where a file differs.")] = False,
) -> None:
    """Writes, or checks, what is made from the code: JSON Schemas, golden examples, the page of settings."""
    from plateward.contracts.event import ContractError
    from plateward.kernel.contract_files import ContractFilesDiffer, check_contract_files, write_contract_files
    from plateward.policy.profile_schema import profile_schema
    from plateward.settings_page import PAGE, settings_page

    made = {PAGE: settings_page(), PROFILE_SCHEMA: profile_schema()}
    try:
        if check:
            check_contract_files(SCHEMAS)
            differing = [str(file) for file, text in made.items() if file.read_text(encoding="utf-8") != text]
            if differing:
                raise ContractFilesDiffer(f"not as the code says (make schemas): {', '.join(differing)}")
        else:
            for file in write_contract_files(SCHEMAS):
                typer.echo(file)
            for file, text in made.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
    except (ContractError, ContractFilesDiffer) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    app()

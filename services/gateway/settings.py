"""The gateway's settings (`PLATEWARD_GATEWAY_…`, and the shared ones)."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, HttpUrl, IPvAnyNetwork, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from plateward.kernel.postgres import DatabaseSettings
from plateward.kernel.settings import BlobSettings, KeySettings, PolicySettings, ServiceSettings
from plateward.policy.profile import AgencyKind


class IdentityProvider(BaseModel):
    """An agency's own identity provider (OpenID Connect), by which its people sign in."""

    agency: str
    issuer: str
    client_id: str
    client_secret: SecretStr
    claim: Literal["sub", "email", "preferred_username"] = "sub"
    """What names a person; it is kept with the account as the directory name. `email` only where it is verified."""
    second_factor_amr: tuple[str, ...] = ()
    """Values of the claim `amr` that say that the provider has asked for a second factor; else it is asked here."""


class ListSource(BaseModel):
    """How one list from elsewhere comes to one agency."""

    agency: str
    list: str
    format: Literal["ncic", "csv", "json"]
    mapping: Path | None = None
    """The mapping file of CSV: which column is which field."""
    folder: Path | None = None
    """A folder in which its files appear, renamed into it when they are complete."""
    url: HttpUrl | None = None
    """Where it is fetched; https, but for this machine itself."""
    every_minutes: int = Field(default=60, ge=1)
    token: SecretStr | None = None
    """The bearer token by which it is fetched."""
    case_number: str = ""
    """Under which a special list is documented."""

    @model_validator(mode="after")
    def _one_way(self) -> "ListSource":
        if self.folder is not None and self.url is not None:
            raise ValueError("a list comes by a folder or from a url, not by both")
        if self.url is not None and self.url.scheme != "https" and self.url.host not in THIS_MACHINE:
            raise ValueError("url must be https")
        return self


THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


class AgencyElsewhere(BaseModel):
    """An agency of another deployment, as it signs agreements."""

    agency: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")
    name: str
    kind: AgencyKind = "law-enforcement"
    state: str = Field(pattern=r"^[A-Z]{2}$")


class RegionClient(BaseModel):
    """As which client an agency of here is known there."""

    agency: str
    client_id: str
    key_file: Path


class OtherRegion(BaseModel):
    """Another deployment: its agencies, and how those of here ask there."""

    name: str = Field(min_length=1, max_length=60)
    agencies: tuple[AgencyElsewhere, ...]
    url: HttpUrl | None = None
    """Where its gateway answers; without it agreements are exchanged, and nothing is asked."""
    clients: tuple[RegionClient, ...] = ()
    answers_within_seconds: float = Field(default=8.0, gt=0, le=60)

    @model_validator(mode="after")
    def _is_safe(self) -> "OtherRegion":
        if self.url is not None and self.url.scheme != "https" and self.url.host not in THIS_MACHINE:
            raise ValueError("url must be https")
        return self


class GatewaySettings(ServiceSettings):
    """What the gateway needs to know."""

    model_config = SettingsConfigDict(env_prefix="PLATEWARD_GATEWAY_")

    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    blobs: BlobSettings = Field(default_factory=BlobSettings)
    keys: KeySettings = Field(default_factory=KeySettings)
    policy: PolicySettings = Field(default_factory=PolicySettings)
    record_within_seconds: float = Field(
        default=3.0, gt=0, description="How long an access record may take to be durable before the answer is 503."
    )
    body_bytes_max: int = Field(default=1_048_576, ge=1024, description="The most bytes that a request may bring.")
    sign_ins_per_minute: int = Field(
        default=60,
        ge=1,
        description="How often an address may try to sign in, counted over all processes; then it is 429. Behind a "
        "proxy, name the proxy in FORWARDED_ALLOW_IPS, or all people share its address.",
    )
    requests_per_minute: int = Field(
        default=1200,
        ge=1,
        description="How often a person may ask, and an address for what is public, counted by each process for "
        "itself; then it is 429. Streams are free.",
    )
    restate_lists_every_seconds: float = Field(
        default=3600.0, gt=0, description="How often the own lists are stated anew, which keeps them fresh."
    )
    list_sources: tuple[ListSource, ...] = Field(
        default=(),
        description="How lists from elsewhere come, as a JSON list of objects with agency, list, format (ncic, csv or "
        "json), mapping, folder or url, every_minutes, token, case_number.",
    )
    list_bytes_max: int = Field(
        default=536_870_912, ge=1024, description="The most bytes that a file of a list may have."
    )
    look_for_lists_every_seconds: float = Field(
        default=10.0, gt=0, description="How often folders are looked into, and sources asked that are due."
    )
    self_check_hours: float = Field(
        default=8.0,
        ge=0,
        description="How often each agency's line is checked with a vehicle that is not there: once a shift. 0: only "
        "when somebody asks.",
    )
    origin: str = Field(
        default="http://localhost:8080",
        description="Where people's browsers find the gateway; passkeys hold for this origin alone.",
    )
    second_factor: Literal["required", "off"] = Field(
        default="required", description="`off` asks for a password only: for demonstrations, never with real data."
    )
    seal_key: SecretStr | None = Field(
        default=None,
        description="32 bytes (`openssl rand -hex 32`), under which authenticators' secrets are sealed; "
        "without it only passkeys can be set up.",
    )
    webhook_hosts_within: tuple[str, ...] = Field(
        default=(),
        description="Hosts of partners' webhooks that may lie on private addresses, as a JSON list: any other must be "
        "on the public internet.",
    )
    webhook_authorities: Path | None = Field(
        default=None,
        description="A PEM file of certificate authorities, beside the public ones, that partners' webhooks may have "
        "their certificates from.",
    )
    signing_key_file: Path | None = Field(
        default=None,
        description="The Ed25519 key that signs what is released: `plateward keys signing`; without it nothing is.",
    )
    dispatch_rooms: tuple[IPvAnyNetwork, ...] = Field(
        default=(),
        description="Networks of secured dispatch rooms, as a JSON list: dispatchers there stay signed in unmoved.",
    )
    identity_providers: tuple[IdentityProvider, ...] = Field(
        default=(),
        description="Agencies' own identity providers, as a JSON list of objects with agency, issuer, client_id, "
        "client_secret, claim (sub, email or preferred_username), second_factor_amr.",
    )
    case_registers: dict[str, str] = Field(
        default_factory=dict,
        description="Where agencies' registers of cases (CAD, RMS) answer, as JSON: agency id to URL.",
    )
    case_register_token: SecretStr | None = Field(
        default=None, description="The bearer token by which the gateway asks those registers."
    )
    agency_keys: Path | None = Field(
        default=None,
        description="The folder of the keys by which agencies sign agreements: `<agency>.pem` (plateward keys signing) "
        "signs here, `<agency>.pub` checks what an agency elsewhere has signed. Read at the start.",
    )
    regions: tuple[OtherRegion, ...] = Field(
        default=(),
        description="Other deployments, as a JSON list of objects with name, agencies (each with agency, name, kind, "
        "state), url, clients (for each agency of here that asks there: agency, client_id, key_file), "
        "answers_within_seconds (8).",
    )
    edge_networks: tuple[IPvAnyNetwork, ...] = Field(
        default=(),
        description="Networks from which the edge asks, as a JSON list: what it says of a machine's certificate is "
        "believed from there alone. Without any, no client with a certificate on file gets in.",
    )
    edge_certificate_header: str = Field(
        default="X-Client-Certificate-SHA256",
        description="The header in which the edge passes on the SHA-256 of a certificate that it has checked. It must "
        "remove the header from whatever comes in.",
    )
    access_log_url: HttpUrl | None = Field(
        default=None,
        description="Where partners can ask the audit service for proofs of their looks; without it none is offered.",
    )

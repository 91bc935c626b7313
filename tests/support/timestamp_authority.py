"""A time-stamp authority: OpenSSL's own, behind HTTP, with certificates made for the test."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from fastapi import FastAPI, Request, Response

from plateward.embedded.ports import free_port
from plateward.kernel.settings import HttpSettings
from tests.support.serving import served

REPLY = "application/timestamp-reply"

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = signer.pem
signer_key = signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass
class TimestampAuthority:
    """An authority in a folder. It answers with 503 while it is away."""

    folder: Path
    url: str = ""
    away: bool = False
    asked: int = field(default=0)

    @property
    def certificates(self) -> Path:
        """Its root, which vouches for the certificate that signs."""
        return self.folder / "root.pem"

    async def answer(self, request: bytes) -> bytes:
        """A token of now."""
        (self.folder / "request.tsq").write_bytes(request)
        command = ["ts", "-reply", "-config", "tsa.conf", "-queryfile", "request.tsq", "-out", "reply.tsr"]
        process = await asyncio.create_subprocess_exec(
            "openssl", *command, cwd=self.folder, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        assert process.returncode == 0, said.decode()
        return (self.folder / "reply.tsr").read_bytes()


def timestamp_authority(folder: Path, *, valid_until: datetime | None = None) -> TimestampAuthority:
    """An authority with a root and a certificate of its own; skips where there is no OpenSSL."""
    if shutil.which("openssl") is None:
        pytest.skip("no time-stamp authority to ask: the program openssl is not there")
    folder.mkdir()
    until = valid_until or datetime.now(UTC) + timedelta(hours=1)
    root_key, root_name = _key(folder / "root.key"), _name(f"Root of {folder.name}")
    root = _certificate(root_name, root_name, root_key, root_key, until=datetime.now(UTC) + timedelta(hours=2))
    signer_key = _key(folder / "signer.key")
    signer = _certificate(_name("Signer"), root_name, signer_key, root_key, until=until, stamps=True)
    for name, certificate in (("root", root), ("signer", signer)):
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "tsa.conf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    return TimestampAuthority(folder)


@asynccontextmanager
async def serving(authority: TimestampAuthority) -> AsyncIterator[TimestampAuthority]:
    """The authority behind HTTP."""
    app, settings = FastAPI(), HttpSettings(port=free_port())

    @app.post("/")
    async def stamp(request: Request) -> Response:
        authority.asked += 1
        if authority.away:
            return Response(status_code=503)
        return Response(await authority.answer(await request.body()), media_type=REPLY)

    async with served(app, settings) as url:
        authority.url = f"{url}/"
        yield authority


def _key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return key


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    until: datetime,
    stamps: bool = False,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=not stamps, path_length=None), critical=True)
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())

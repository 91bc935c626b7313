"""A partner's receiver of webhooks: a small HTTPS server with a certificate of its own authority."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plateward.kernel.clock import now

PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def message(self) -> str:
        """The webhook's id."""
        return self.headers["webhook-id"]


@dataclass(slots=True)
class Receiver:
    """What has come, and what it answers: each of `answers` once, then 204."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    answers_by: Callable[[Got], int] | None = None
    """How it answers where it looks at what comes."""
    answer_headers: str = ""
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, requests are taken and not answered."""
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://localhost:{self.port}/hits"

    async def until(self, count: int) -> list[Got]:
        """What has come once it is so much; raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._came:
            await self._came.wait_for(lambda: len(self.got) >= count)
        return list(self.got)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:]) if name}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            got = Got(head[0].split(" ")[1], headers, body)
            async with self._came:
                self.got.append(got)
                self._came.notify_all()
            await self.answering.wait()
            status = self._status(got)
            writer.write(f"HTTP/1.1 {status} So\r\n{self.answer_headers}Content-Length: 0\r\n\r\n".encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender has gone
        finally:
            writer.close()

    def _status(self, got: Got) -> int:
        if self.answers_by is not None:
            return self.answers_by(got)
        return self.answers.pop(0) if self.answers else 204


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that answers."""
    receiver = Receiver()
    receiver.answering.set()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0, ssl=_server_side())
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.answering.set()
        server.close()


@cache
def authority() -> Path:
    """The PEM file of the authority that receivers' certificates are of."""
    return _certificate()[0]


@cache
def _server_side() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_certificate())
    return context


@cache
def _certificate() -> tuple[Path, Path]:
    """A certificate of `localhost` that is its own authority, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = (
        builder.not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = Path(mkdtemp(prefix="plateward-receiver-"))
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret

"""A real S3 server for tests: Versity's gateway over a folder, built from its Go module. A pytest plugin.

SeaweedFS, which the deployments use, cannot be had as a Go module everywhere; to S3's clients the two are the same.
PLATEWARD_S3_SERVER names the program where it is there already.
"""

import asyncio
import os
import secrets
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from plateward.embedded.child import Child
from plateward.embedded.ports import answers_tcp, free_port
from plateward.embedded.readiness import poll_until
from plateward.kernel.settings import BlobSettings

VERSION = "v1.8.0"
MODULE = f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"
BUILT = Path(__file__).parents[2] / ".plateward" / "s3" / f"versitygw-{VERSION}"
BUILD_SECONDS = 900
READY_SECONDS = 30


@pytest.fixture(scope="session")
def s3_program() -> Path:
    """The server's program, built once for all sessions; skips where it cannot be had."""
    named = os.environ.get("PLATEWARD_S3_SERVER")
    if named:
        return Path(named)
    if not BUILT.exists():
        _build()
    return BUILT


def _build() -> None:
    if shutil.which("go") is None:
        pytest.skip("NO S3 SERVER: Go is not on this machine, and PLATEWARD_S3_SERVER is not set")
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["go", "install", "-ldflags=-s -w", MODULE],
        env=os.environ | {"GOBIN": str(BUILT.parent), "CGO_ENABLED": "0"},
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"NO S3 SERVER: it could not be built: {done.stderr.strip().splitlines()[-1]}")
    (BUILT.parent / "versitygw").rename(BUILT)


@pytest.fixture(scope="session")
async def s3(s3_program: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator["S3Server"]:
    """The session's S3 server."""
    server = S3Server(s3_program, tmp_path_factory.mktemp("s3"))
    await server.start()
    yield server
    await server.stop()


class S3Server:
    """An S3 server of one account, whose port and data stay the same when it is stopped and started."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self._folder, self._port = program, folder, free_port()
        self._account = (secrets.token_hex(10), secrets.token_hex(20))
        self._child: Child | None = None
        (folder / "buckets").mkdir()

    def bucket(self) -> BlobSettings:
        """A new bucket, and how to reach it."""
        name = f"test-{secrets.token_hex(6)}"
        (self._folder / "buckets" / name).mkdir()
        return BlobSettings(
            bucket=name,
            endpoint=f"http://127.0.0.1:{self._port}",
            access_key=self._account[0],
            secret_key=SecretStr(self._account[1]),
        )

    async def start(self) -> None:
        self._child = await Child.start(
            [
                str(self._program),
                "--port",
                f"127.0.0.1:{self._port}",
                "--quiet",
                "posix",
                str(self._folder / "buckets"),
            ],
            log=self._folder / "s3.log",
            cwd=self._folder,
            env=os.environ | {"ROOT_ACCESS_KEY": self._account[0], "ROOT_SECRET_KEY": self._account[1]},
        )
        async with asyncio.timeout(READY_SECONDS):
            await poll_until(lambda: answers_tcp(self._port))

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop()
        self._child = None


NewPlace = Callable[[], BlobSettings]


@pytest.fixture(params=["local files", "S3"])
def new_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewPlace:
    """Makes empty places for blobs: folders, or buckets of a real S3 server."""
    if request.param == "S3":
        server: S3Server = request.getfixturevalue("s3")
        return server.bucket
    return lambda: BlobSettings(folder=tmp_path_factory.mktemp("blobs") / "not" / "there" / "yet")


@pytest.fixture
def blob_place(new_place: NewPlace) -> BlobSettings:
    """An empty place for blobs."""
    return new_place()

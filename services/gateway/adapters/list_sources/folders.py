"""Folders in which lists' files appear: taken when they are complete, and moved away with what became of them."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import structlog

from services.gateway.adapters.list_sources.files import FileTooLarge, pieces_of, spooled
from services.gateway.adapters.list_sources.reading import NotRead
from services.gateway.list_sources.kept import InvalidRefresh
from services.gateway.list_sources.source_lists import SourceLists
from services.gateway.list_sources.sources import ListKey
from services.gateway.search import NoSuchRecord

log = structlog.get_logger("plateward.lists")

UNFINISHED = (".part", ".tmp", ".partial", ".crdownload", ".filepart")
"""How programs name what they are still writing; and anything that begins with a full stop."""


class ListFolder:
    """One list's folder. What is in it is complete: it is written elsewhere on the same disk, and renamed into it."""

    def __init__(self, folder: Path, of: ListKey, lists: SourceLists, bytes_max: int) -> None:
        self._folder, self._of, self._lists, self._bytes_max = folder, of, lists, bytes_max

    async def look(self) -> None:
        """Takes what is there, the oldest first; raises NotRecorded, and what is wrong with the database."""
        for path in await asyncio.to_thread(self._waiting):
            where = await self._take(path)
            if where is not None:
                await asyncio.to_thread(_moved, path, self._folder / where)

    async def _take(self, path: Path) -> str | None:
        """The folder into which the file goes; None when it is not there any more."""
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except FileNotFoundError:  # another gateway's process has taken it
            return None
        with file:
            as_of = datetime.fromtimestamp((await asyncio.to_thread(path.stat)).st_mtime, UTC)
            pieces = pieces_of(file)
            try:
                async with spooled(pieces, as_of=as_of, way="folder", bytes_max=self._bytes_max) as arrived:
                    refresh = await self._lists.bring_by_itself(*self._of, arrived)
            except (FileTooLarge, InvalidRefresh, NoSuchRecord, NotRead) as refusal:
                log.warning("list.refused", agency=self._of[0], list=self._of[1], problem=type(refusal).__name__)
                return "refused"
        log.info("list.file", agency=self._of[0], list=self._of[1], state=refresh.state, refresh=str(refresh.id))
        return "refused" if refresh.state == "refused" else "done"

    def _waiting(self) -> list[Path]:
        """The files that are complete, by their age; no folders, no links, nothing that is still being written."""
        if not self._folder.is_dir():
            log.warning("list.no-folder", agency=self._of[0], list=self._of[1])
            return []
        found = [
            path
            for path in self._folder.iterdir()
            if not path.name.startswith(".")
            and not path.name.endswith(UNFINISHED)
            and not path.is_symlink()
            and path.is_file()
        ]
        return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def _moved(path: Path, folder: Path) -> None:
    """Moves a file away, under a name that tells when; one that is gone already has been moved by another process."""
    folder.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    try:
        path.rename(folder / f"{stamp}-{path.name}")
    except FileNotFoundError:
        log.info("list.moved-by-another")

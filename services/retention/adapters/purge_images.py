"""Deleting a day's images: folder by folder, each noted before it goes."""

import hashlib
from datetime import date

from plateward.kernel.blobs import Blobs
from services.retention.adapters.purge_notes import Note, PurgeNotes
from services.retention.images import day_of_folder, day_prefix, owner_of_folder


class ImagesRemoval:
    """The images under `<day>/<folder>/`, as a purge deletes them."""

    kind = "images"

    def __init__(self, notes: PurgeNotes, blobs: Blobs) -> None:
        self._notes, self._blobs = notes, blobs

    async def days(self, until: date) -> set[date]:
        """The days up to this one under which anything lies."""
        days = {day_of_folder(folder) for folder in await self._blobs.folders()}
        return {day for day in days if day is not None and day <= until}

    async def remove(self, day: date) -> int:
        """Deletes all that lies under the day, and returns how much that was when it was noted."""
        undone = await self._notes.undone(day, "images")
        deleted = 0
        for folder in sorted({*undone, *await self._blobs.folders(day_prefix(day))}):
            note = undone.get(folder) or await self._note(day, folder)
            await self._blobs.delete_all(f"{day_prefix(day)}{folder}/")
            await self._notes.done(note)
            deleted += note.count
        await self._blobs.delete_all(day_prefix(day))
        return deleted

    async def _note(self, day: date, folder: str) -> Note:
        keys = sorted([key async for key in self._blobs.keys(f"{day_prefix(day)}{folder}/")])
        sha256 = hashlib.sha256("\n".join(keys).encode()).digest()
        return await self._notes.note(day, owner_of_folder(folder), "images", folder, len(keys), sha256=sha256)

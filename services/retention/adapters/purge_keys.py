"""Destroying a day's data keys, so that every copy of what they sealed goes dark."""

from datetime import date

from plateward.kernel.keys import Keyring
from services.retention.adapters.purge_notes import PurgeNotes
from services.retention.images import owner_of_folder


class KeysRemoval:
    """The data keys of a day, as a purge destroys them."""

    kind = "keys"

    def __init__(self, notes: PurgeNotes, keyring: Keyring) -> None:
        self._notes, self._keyring = notes, keyring
        self._gone: set[date] = set()
        """Days whose keys this process has seen destroyed: it asks for each destroyed key once."""

    async def days(self, until: date) -> set[date]:
        """The days up to this one that have a key which still opens something."""
        alive: set[date] = set()
        for day in await self._keyring.days():
            if day <= until and day not in self._gone:
                if any([key.alive async for key in self._keyring.all(day)]):
                    alive.add(day)
                else:
                    self._gone.add(day)
        return alive

    async def remove(self, day: date) -> int:
        """Destroys the day's keys and returns how many those were."""
        undone = await self._notes.undone(day, "key")
        destroyed = 0
        async for key in self._keyring.all(day):
            note = undone.get(str(key.id))
            if not key.alive and note is None:
                continue
            owner = owner_of_folder(key.agency_id)
            note = note or await self._notes.note(day, owner, "key", str(key.id), 1, key_id=key.id)
            await self._keyring.destroy(key)
            await self._notes.done(note)
            destroyed += 1
        return destroyed

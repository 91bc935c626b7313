"""A partner's program: it searches what another agency shares, with progress, and then follows its shared hits.

    make demo                                # in one terminal: a region, with a client of Barstow's at Stockton
    .venv/bin/python -m examples.partner     # in another

It stands on `plateward.client` alone. Against a real gateway, write a file like the demo's `client.json`:
docs/operations/partners.md says what is in it.
"""

import argparse
import asyncio
import os
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from plateward.client import Asker, ClientKey, PartnerClient, PartnerError, Progress
from plateward.contracts.access import AccessRecord, Actor, Reason
from plateward.contracts.canonical import canonical
from plateward.contracts.questions import QuestionAsked
from plateward.contracts.shared_hits import SharedHitDelivered

DEMO = Path(".plateward/demo/partner/client.json")


class ClientFile(msgspec.Struct, frozen=True):
    """Which gateway is asked, and as whom. The key lies beside this file."""

    base_url: str
    audience: str
    client_id: str
    agency_id: str
    owner: str
    key_file: str


class OwnLog:
    """The partner's own access log: a record is on the disk before the question is asked, and once it is answered."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def keep(self, record: AccessRecord) -> None:
        """Appends a record, in the bytes that the owner's log holds as well."""
        with self._file.open("ab") as log:
            log.write(canonical(record) + b"\n")
            log.flush()
            os.fsync(log.fileno())


class Place:
    """How far the stream was followed, so that it goes on there when the program is started again."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def last(self) -> int | None:
        """The number of the last hit that was had; None where there was none yet."""
        return int(self._file.read_text(encoding="ascii")) if self._file.exists() else None

    def keep(self, number: int) -> None:
        """Notes that this hit was had."""
        self._file.write_text(str(number), encoding="ascii")


async def search(client: PartnerClient, known: ClientFile, plate: str, log: OwnLog) -> None:
    """Asks where a stolen vehicle was seen in the last day."""
    at = datetime.now(UTC)
    question = QuestionAsked(plate=plate, captured_from=at - timedelta(days=1), captured_until=at)
    case = {"case_number": "26-004417", "detail": "taken overnight"}
    reason = Reason(purpose="stolen-vehicle", form="case", values=case)
    answers = client.search(
        question, reason, [known.owner], asker=a_detective(known), keep=log.keep, on_progress=tell_progress
    )
    async for page in answers:
        for part in page.parts:
            say(f"  {part.agency_id}: {'granted' if part.granted else 'refused'} by {part.basis}")
        for read in page.reads:
            say(f"  {read.plate} at {read.camera_name}, {read.captured_at:%H:%M:%S} UTC")
        say(f"  recorded as access {page.outcome.access_id}, here and there")


async def follow(client: PartnerClient, log: OwnLog, place: Place, hits: int | None) -> None:
    """Says each hit that comes, so many of them or until Ctrl-C; those as well that came while it did not run."""
    async with aclosing(client.hits(after=place.last())) as coming:
        async for delivered in coming:
            await log.keep(delivered.record)
            say(f"  {in_words(delivered)}")
            place.keep(delivered.hit.sequence)
            hits = None if hits is None else hits - 1
            if hits == 0:
                return


def in_words(delivered: SharedHitDelivered) -> str:
    """A hit in a line."""
    hit = delivered.hit
    category = hit.entry.category.replace("-", " ")
    seen = f"{hit.read.plate} at {hit.read.place.name}, {hit.read.captured_at:%H:%M:%S} UTC"
    return f"{seen}: {category} of {hit.entry.agency_id}, {hit.comparison.grade}; an alert, not proof"


def a_detective(known: ClientFile) -> Asker:
    """The person for whom the program asks: from the session of whoever sits there."""
    actor = Actor(person_id="okafor", username="okafor", name="D. Okafor", title="Detective", agency_id=known.agency_id)
    return Asker(actor=actor, address="192.0.2.7", session="console-7")


def tell_progress(progress: Progress) -> None:
    """Says how far the search has come."""
    say(f"  {progress.reads} reads on {progress.pages} pages{'' if progress.finished else ', and more'}")


def say(line: str) -> None:
    """Prints at once, also into a pipe."""
    print(line, flush=True)


async def run(known: ClientFile, folder: Path, plate: str, hits: int | None) -> None:
    """The whole of it."""
    key, log, place = ClientKey.read(folder / known.key_file), OwnLog(folder / "log.jsonl"), Place(folder / "place")
    async with PartnerClient(known.base_url, known.client_id, key, audience=known.audience) as client:
        say(f"{known.agency_id} asks {known.owner} for {plate}:")
        await search(client, known, plate, log)
        say("Hits as they come:")
        await follow(client, log, place, hits)


def main() -> int:
    """0 where all was had; what went wrong is said in a line."""
    asked = argparse.ArgumentParser(prog="python -m examples.partner", description=__doc__.splitlines()[0])
    asked.add_argument("--client", type=Path, default=DEMO, help="the client's file (the demo's)")
    asked.add_argument("--plate", default="6TRN880", help="which plate to search for")
    asked.add_argument("--hits", type=int, help="how many hits to wait for (until Ctrl-C)")
    options = asked.parse_args()
    try:
        known = msgspec.json.decode(options.client.read_bytes(), type=ClientFile)
        asyncio.run(run(known, options.client.parent, options.plate, options.hits))
    except FileNotFoundError as missing:
        say(f"{missing.filename} is not there: start `make demo` first, or name a file by --client")
        return 1
    except PartnerError as error:
        say(f"The gateway does not answer this: {error}")
        return 1
    except KeyboardInterrupt:
        say("")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What was sent, what became of it, and what reached a console: the demo's account of itself."""

import json
import statistics
import uuid
from dataclasses import dataclass, field

from rich.table import Table

from plateward.contracts.frames import FrameOutcome
from plateward.contracts.hits import HitRaised
from plateward.contracts.reads import PlateRead
from plateward.matching.sightings import reads_of
from plateward.plates.confusion import match_key

Pair = tuple[uuid.UUID, uuid.UUID]
"""A read and a hot-list entry."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A frame that ingest took, or refused: when it was sent (loop seconds), and the truth where it is known."""

    at: float
    agency_id: str
    plate: str | None
    must_hit: uuid.UUID | None
    """The entry that the frame must hit, whatever is read of it."""


@dataclass(slots=True)
class Tally:
    """Counts that cannot be talked round: sets of frames, compared."""

    entries: dict[uuid.UUID, tuple[str, str]]
    """Agency and match key of each hot-list entry."""
    sent: dict[uuid.UUID, Sent] = field(default_factory=dict)
    refused: int = 0
    outcomes: dict[uuid.UUID, FrameOutcome] = field(default_factory=dict)
    reads: dict[uuid.UUID, PlateRead] = field(default_factory=dict)
    """By id: a read is one vehicle's pass, and may be of several frames."""
    arrived: dict[Pair, float] = field(default_factory=dict)
    """When each hit first reached a console that may see it."""

    def take_read(self, read: PlateRead) -> None:
        """Notes a read, or what is newer of it."""
        known = self.reads.get(read.id)
        if known is None or read.frames > known.frames:
            self.reads[read.id] = read

    def take_hit(self, hit: HitRaised, at: float) -> None:
        """Notes that a hit, and each sighting that it carries, has reached a console."""
        for read in reads_of(hit):
            self.arrived.setdefault((read, hit.entry.id), at)

    def reads_of(self, frame: uuid.UUID) -> tuple[uuid.UUID, ...]:
        """The reads that a frame is a part of, as its outcome says: the clearest plate's first."""
        outcome = self.outcomes.get(frame)
        return outcome.read_ids if outcome is not None else ()

    def expected(self) -> set[Pair]:
        """The hits that must arrive: of reads that could be an entry's plate, and of vehicles sure to be listed."""
        by_key: dict[tuple[str, str], list[uuid.UUID]] = {}
        for entry_id, key in self.entries.items():
            by_key.setdefault(key, []).append(entry_id)
        of_reads = {
            (identity, entry)
            for frame in self.sent
            for identity in self.reads_of(frame)
            if (read := self.reads.get(identity)) is not None and not read.below_threshold
            for entry in by_key.get((read.agency_id, match_key(read.plate)), ())
        }
        sure = {frame: sent.must_hit for frame, sent in self.sent.items() if sent.must_hit and not self._passed(frame)}
        return of_reads | {self._sure_hit(frame, entry) for frame, entry in sure.items()}

    def _passed(self, frame: uuid.UUID) -> bool:
        """Whether a frame was passed over: its vehicle is then read of other frames, or of none, but not of this."""
        outcome = self.outcomes.get(frame)
        return outcome is not None and outcome.outcome in ("skipped", "stale")

    def _sure_hit(self, frame: uuid.UUID, entry: uuid.UUID) -> Pair:
        """The hit of a vehicle that is listed for sure: by one of its frame's reads, or else it is missing."""
        pairs = [(read, entry) for read in self.reads_of(frame)]
        return next((pair for pair in pairs if pair in self.arrived), pairs[0] if pairs else (frame, entry))

    def unaccounted(self) -> set[uuid.UUID]:
        """Frames that were taken and of which nothing more is known."""
        return self.sent.keys() - self.outcomes.keys()

    def missing_hits(self) -> set[Pair]:
        """Expected hits that have not reached a console."""
        return self.expected() - self.arrived.keys()

    def complete(self) -> bool:
        """Whether every frame is accounted for, every read has been seen, and every expected hit has arrived."""
        told = {read for frame in self.sent for read in self.reads_of(frame)}
        return not self.unaccounted() and told <= self.reads.keys() and not self.missing_hits()

    def summary(self) -> dict[str, object]:
        """The figures, as the last line prints them."""
        ends = [self.outcomes[frame].outcome for frame in self.sent if frame in self.outcomes]
        expected = self.expected()
        return {
            "frames": len(self.sent) + self.refused,
            "reads": ends.count("read"),
            "no_plate": ends.count("no-plate"),
            "dead": ends.count("dead") + self.refused,
            "skipped": ends.count("skipped") + ends.count("stale"),
            "passes": len({read for frame in self.sent for read in self.reads_of(frame)}),
            "expected_hits": len(expected),
            "hits": len(expected & self.arrived.keys()),
            "frame_to_hit_ms": self._latencies(expected),
            "accuracy": self._accuracy(),
        }

    def _latencies(self, expected: set[Pair]) -> dict[str, float | None]:
        begun = {read.id: self.sent[read.frame_id].at for read in self.reads.values() if read.frame_id in self.sent}
        arrived = [pair for pair in expected & self.arrived.keys() if pair[0] in begun]
        times = [(self.arrived[pair] - begun[pair[0]]) * 1000 for pair in arrived]
        if not times:
            return {"p50": None, "p99": None}
        cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)}

    def _accuracy(self) -> dict[str, float | int] | None:
        judged = [(sent.plate, self._clearest(frame)) for frame, sent in self.sent.items() if sent.plate]
        if not judged:
            return None
        exact = sum(read is not None and read.plate == plate for plate, read in judged)
        folded = sum(read is not None and _folded(read.plate) == _folded(plate) for plate, read in judged)
        share = 100 / len(judged)
        return {"n": len(judged), "exact": round(exact * share, 1), "folded": round(folded * share, 1)}

    def _clearest(self, frame: uuid.UUID) -> PlateRead | None:
        return next((self.reads.get(identity) for identity in self.reads_of(frame)), None)

    def line(self) -> str:
        """The last line: one JSON object."""
        return json.dumps(self.summary())

    def table(self) -> Table:
        """The figures for people."""
        figures = self.summary()
        table = Table(title="What became of every frame", title_justify="left", show_header=False)
        table.add_row("Frames sent", str(figures["frames"]))
        table.add_row("  read", str(figures["reads"]))
        table.add_row("  without a plate (nothing kept)", str(figures["no_plate"]))
        table.add_row("  refused", str(figures["dead"]))
        table.add_row("  passed over", str(figures["skipped"]))
        table.add_row("  unaccounted for", str(len(self.unaccounted())))
        table.add_row("Passes", str(figures["passes"]))
        table.add_row("Hits expected", str(figures["expected_hits"]))
        table.add_row("  arrived at a console", str(figures["hits"]))
        latency = self._latencies(self.expected())
        table.add_row("From frame to console, ms", f"p50 {latency['p50']}, p99 {latency['p99']}")
        accuracy = self._accuracy()
        if accuracy is not None:
            table.add_row(f"Read right, of {accuracy['n']} known", f"{accuracy['exact']} %")
            table.add_row("  with the letter O taken as 0", f"{accuracy['folded']} %")
        return table


def _folded(plate: str | None) -> str:
    return (plate or "").replace("O", "0")

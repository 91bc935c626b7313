"""Measures the matcher: `make bench-matcher`. The last line it prints is JSON."""

import argparse
import asyncio
import json
import os
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from typing import Any

from aiokafka import AIOKafkaProducer

from bench.matcher.filling import put_entries, put_reads
from bench.matcher.latency import latencies
from bench.matcher.measuring import Program, program, rewind
from bench.matcher.traffic import entries, partial_entries, reads
from plateward.contracts.topics import RECORD_BYTES_MAX
from plateward.embedded.kafka import EmbeddedKafka
from plateward.kernel.clock import now
from plateward.kernel.kafka.topics import prepare_topics
from plateward.kernel.settings import KafkaSettings

AGENT_READS = 100_000
"""The first ones of the topic; all of them would take the agent minutes."""

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measure floor, agent and matcher in turn, on one topic."""
    arguments = argparse.ArgumentParser(prog="python -m bench.matcher", description=main.__doc__)
    arguments.add_argument("--events", type=int, default=500_000, help="how many reads")
    arguments.add_argument("--sizes", default="1000,100000,5000000", help="how many entries, rising, by comma")
    arguments.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    arguments.add_argument("--seconds", type=int, default=30, help="how long the latency is measured")
    with tempfile.TemporaryDirectory(dir=ROOT / ".plateward") as folder:
        asyncio.run(_measure(arguments.parse_args(), Path(folder)))


async def _measure(asked: argparse.Namespace, folder: Path) -> None:
    sizes = [int(size) for size in asked.sizes.split(",")]
    async with AsyncExitStack() as stack:
        kafka = await stack.enter_async_context(
            EmbeddedKafka(folder, artefacts=ROOT / ".plateward" / "kafka", tell=print)
        )
        servers = kafka.bootstrap_servers
        await prepare_topics(KafkaSettings(bootstrap_servers=servers))
        producer = AIOKafkaProducer(
            bootstrap_servers=servers, max_batch_size=RECORD_BYTES_MAX, max_request_size=4 * RECORD_BYTES_MAX
        )
        await stack.enter_async_context(producer)
        at = now()
        await put_reads(producer, reads(asked.events, at))
        await put_entries(producer, partial_entries(at), at)
        programs: dict[str, Program] = {
            "floor": await stack.enter_async_context(program("floor", servers, asked.events))
        }
        there = 0
        loaded: dict[str, Any] = {}
        agent: Program | None = None
        for size in sizes:
            await put_entries(producer, entries(there, size, at), at)
            there = size
            _say(f"{size} entries on the hot list")
            programs[str(size)] = await stack.enter_async_context(program("matcher", servers, asked.events))
            loaded = await programs[str(size)].figures()
            _say(f"{size} entries: {loaded}")
            if agent is None:
                # With the fewest entries: a dictionary of millions is another matter than the agent's speed.
                agent = await stack.enter_async_context(program("agent", servers, min(asked.events, AGENT_READS)))
                _say(f"agent: {await agent.figures()}")
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
        for _ in range(asked.rounds):
            for name, one in programs.items():
                await rewind(servers)
                runs[name].append(await one.run())
                _say(f"{name}: {runs[name][-1]}")
        assert agent is not None
        runs["agent"] = [await agent.run()]
        _say(f"agent: {runs['agent']}")
        following = asyncio.create_task(programs[str(sizes[-1])].run())
        took = await latencies(servers, asked.seconds)
        following.cancel()
        _say(f"{len(took)} hits of {asked.seconds} s of reads")
    for name, some in runs.items():
        _say(f"{name:8} by the processor's time {median(one['per_cpu_s'] for one in some):9.0f} reads a second")
    rates = {name: round(median(one["per_s"] for one in some)) for name, some in runs.items()}
    print(
        json.dumps(
            {
                "events": asked.events,
                "floor_per_s": rates["floor"],
                "faust_agent_per_s": rates["agent"],
                "matcher_per_s": {str(size): rates[str(size)] for size in sizes},
                "bytes_per_entry": round(loaded["bytes"] / loaded["entries"]),
                "ready_s": round(loaded["ready_s"], 1),
                "latency_ms": {"p50": _rank(took, 0.5), "p99": _rank(took, 0.99)},
            },
            separators=(",", ":"),
        )
    )


def _rank(values: list[float], share: float) -> float | None:
    return round(values[min(len(values) - 1, int(share * len(values)))], 1) if values else None


def _say(what: str) -> None:
    print(f"load {os.getloadavg()[0]:5.1f}  {what}", flush=True)


if __name__ == "__main__":
    main()

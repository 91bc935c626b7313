"""Measures replacing a list: `make bench-lists`. The last line it prints is JSON."""

import argparse
import asyncio
import json
import os

from bench.lists.replacing import replace_seconds


def main() -> None:
    """Load a list, replace it by the next day's, and say how long it took."""
    arguments = argparse.ArgumentParser(prog="python -m bench.lists", description=main.__doc__)
    arguments.add_argument("--entries", type=lambda text: int(float(text)), default=1_000_000, help="how many entries")
    entries = arguments.parse_args().entries
    seconds = asyncio.run(replace_seconds(entries))
    print(f"load {os.getloadavg()[0]:.1f}")
    print(json.dumps({"entries": entries, "list_replace_s": round(seconds, 1)}, separators=(",", ":")))


if __name__ == "__main__":
    main()

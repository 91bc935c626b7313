"""Starts ingest: `python -m services.ingest.main`."""

from plateward.kernel.lifecycle import run_process
from services.ingest import factory
from services.ingest.settings import IngestSettings


def main() -> None:
    """Runs until told to stop."""
    settings = IngestSettings()
    run_process("ingest", settings, lambda: factory.running(settings))


if __name__ == "__main__":
    main()

"""Starts the witness."""

from plateward.kernel.lifecycle import run_process
from services.witness import factory
from services.witness.settings import WitnessSettings


def main() -> None:
    """Runs until told to stop."""
    settings = WitnessSettings()
    run_process("witness", settings, lambda: factory.running(settings))


if __name__ == "__main__":
    main()

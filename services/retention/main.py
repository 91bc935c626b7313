"""Starts the retention service."""

from plateward.kernel.lifecycle import run_process
from services.retention import factory
from services.retention.settings import RetentionSettings


def main() -> None:
    """Runs until told to stop."""
    settings = RetentionSettings()
    run_process("retention", settings, lambda: factory.running(settings))


if __name__ == "__main__":
    main()

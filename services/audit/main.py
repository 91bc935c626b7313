"""Starts the audit service."""

from plateward.kernel.lifecycle import run_process
from services.audit import factory
from services.audit.settings import AuditSettings


def main() -> None:
    """Runs until told to stop."""
    settings = AuditSettings()
    run_process("audit", settings, lambda: factory.running(settings))


if __name__ == "__main__":
    main()

"""Starts the gateway process."""

from plateward.kernel.lifecycle import run_process
from services.gateway import factory
from services.gateway.settings import GatewaySettings


def main() -> None:
    """Runs the gateway until it is told to stop."""
    settings = GatewaySettings()
    run_process("gateway", settings, lambda: factory.running(settings))


if __name__ == "__main__":
    main()

"""Starts the recogniser process."""

from plateward.kernel.lifecycle import run_process
from services.recognizer import factory
from services.recognizer.settings import RecognizerSettings


def main() -> None:
    """Runs the recogniser until it is told to stop."""
    settings = RecognizerSettings()
    run_process("recognizer", settings, lambda: factory.running(settings))


if __name__ == "__main__":
    main()

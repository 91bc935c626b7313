"""Starts the matcher process."""

from plateward.kernel.logs import configure_logs
from services.matcher.factory import worker
from services.matcher.settings import MatcherSettings


def main() -> None:
    """Runs the matcher until it is told to stop."""
    settings = MatcherSettings()
    configure_logs("matcher", settings.log)
    worker(settings).execute_from_commandline()


if __name__ == "__main__":
    main()

"""What PostgreSQL's refusals of an insert mean here."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from services.retention.keeping import Unstorable
from services.retention.partitions import DayGone


@contextmanager
def understood() -> Iterator[None]:
    """Raises DayGone for a row without a partition, Unstorable for values that no column or index can hold."""
    try:
        yield
    except asyncpg.CheckViolationError as error:
        raise DayGone(str(error)) from error
    except (asyncpg.DataError, asyncpg.ProgramLimitExceededError) as error:
        raise Unstorable(f"the store cannot hold it: {error}") from error

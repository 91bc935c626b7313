"""Topics hold vehicles too: none may keep a record for as long as the strictest agency keeps a read."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from plateward.contracts.topics import FRAMES, HITS, PLATE_READS, Topic
from plateward.policy.profile import AgencyProfile

WITH_VEHICLES: tuple[Topic, ...] = tuple(one for topic in (FRAMES, PLATE_READS, HITS) for one in (topic, topic.dead))


def shortest(profiles: Iterable[AgencyProfile]) -> timedelta:
    """The shortest time for which any agency keeps any read."""
    days = [
        day for profile in profiles for day in (profile.retention.default_days, *profile.retention.source_days.values())
    ]
    return timedelta(days=min(days))


def outlived(kept_for: timedelta) -> timedelta:
    """For how long a record may be there: a segment is deleted whole, some time after its last record is too old."""
    return kept_for + min(kept_for / 3, timedelta(hours=6)) + timedelta(minutes=10)


def too_long(profiles: Mapping[str, AgencyProfile], kept: Mapping[str, timedelta | None] | None = None) -> list[str]:
    """Topics that keep vehicles for too long: as the contracts say, or as the brokers do (`kept`, by name)."""
    limit = shortest(profiles.values())
    said = {topic.name: topic.kept_for for topic in WITH_VEHICLES} if kept is None else kept
    return [
        f"topic {name}: keeps records for {kept_for or 'ever'}, and an agency keeps reads for {limit}"
        for name, kept_for in said.items()
        if kept_for is None or outlived(kept_for) >= limit
    ]

"""A light for each part of the line: whether it is right, and what is wrong with it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from plateward.contracts.lists import HotList
from plateward.matching.in_force import is_stale
from services.gateway.camera_health import CameraHealth

State = Literal["wrong", "unknown", "right"]
STATES: tuple[State, ...] = get_args(State)
"""In the order in which they are shown."""

BEHIND_AT_MOST = timedelta(minutes=1)
UNSTAMPED_AT_MOST = timedelta(hours=1)
"""An authority elsewhere may be away for a while: the checkpoint that it sees after that covers all before it."""

UNSIGNED_AT_MOST = timedelta(minutes=2)
"""A checkpoint is due every minute at the latest."""
PURGED_WITHIN = timedelta(hours=26)
"""A purge looks through all days at least once a day."""
CLOCKS_APART_AT_MOST = timedelta(seconds=1)
"""What is done with a hit is timed to the second."""


@dataclass(frozen=True, slots=True)
class Light:
    """How one part of the line is."""

    part: str
    """Which kind of part: camera, hot list, service, clock, purge, access log."""
    name: str
    state: State
    says: str


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a service is behind what lies on a topic for it."""

    service: str
    topic: str
    records: int
    behind_since: datetime | None
    """When what it has not done yet was first seen to lie there; None where it has done all."""


@dataclass(frozen=True, slots=True)
class LogState:
    """How long the access log is, and how much of it is signed and watched."""

    records: int
    signed_at: datetime | None
    unsigned_since: datetime | None
    unwatched_since: datetime | None
    authority: str | None = None
    """Who stamps checkpoints with their time; None where nobody is asked."""
    stamped_at: datetime | None = None
    unstamped_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """How far another clock is ahead of this process's, and how exactly that was measured."""

    clock: str
    ahead: timedelta
    give_or_take: timedelta


def in_order(lights: Iterable[Light]) -> list[Light]:
    """What is wrong first, then what is not known."""
    return sorted(lights, key=lambda light: STATES.index(light.state))


def of_camera(camera: CameraHealth) -> Light:
    """Red while it is faulty or out of service (Flagstaff 317.4.B), and when its inspection is overdue."""
    name = f"{camera.registration.place.name} ({camera.registration.camera_id})"
    sentences = [f"{one[:1].upper()}{one[1:]}" for one in camera.wrong]
    if camera.overdue:
        sentences.append("Its inspection is overdue")
    if sentences:
        return Light("camera", name, "wrong", ". ".join(sentences))
    if camera.last_frame_at is None:
        return Light("camera", name, "unknown", "No frame yet")
    return Light("camera", name, "right", f"Last frame {camera.last_frame_at:%Y-%m-%d %H:%M:%S} UTC")


def of_list(hot_list: HotList, *, silent: bool, at: datetime) -> Light:
    """Red when it matches nothing any more, or is older than its agency allows (Barstow 466.11, Stockton III.C.5)."""
    says = f"Version {hot_list.version}, refreshed {in_words(at - hot_list.refreshed_at)} ago"
    if silent or is_stale(hot_list, at):
        return Light("hot list", hot_list.name, "wrong", f"{says}: it has fallen silent, and matches nothing")
    return Light("hot list", hot_list.name, "right", says)


def of_lag(lag: Lag, at: datetime) -> Light:
    """Red when something has waited for the service for over a minute."""
    name = f"{lag.service}, {lag.topic}"
    if lag.behind_since is None or not lag.records:
        return Light("service", name, "right", "Has done all that lies there")
    waits = at - lag.behind_since
    says = f"{lag.records} records wait, the oldest for {in_words(waits)}"
    return Light("service", name, "wrong" if waits > BEHIND_AT_MOST else "right", says)


def of_purge(reached_at: datetime | None, *, is_current: bool, at: datetime) -> Light:
    """Red when no purge has looked through all days for over a day, or days are left that are over."""
    if reached_at is None:
        return Light("purge", "Purge", "unknown", "No purge has run yet")
    says = f"Last purge {in_words(at - reached_at)} ago"
    right = is_current and at - reached_at <= PURGED_WITHIN
    return Light("purge", "Purge", "right" if right else "wrong", says if right else f"{says}: data may be overdue")


def of_log(log: LogState, at: datetime) -> list[Light]:
    """Red when records wait for a checkpoint, or for the watch for misuse, for over two minutes; a time-stamp may
    wait for an hour."""
    signed = f"Last checkpoint {in_words(at - log.signed_at)} ago" if log.signed_at else "No checkpoint yet"
    return [
        _waiting("Checkpoints", log.unsigned_since, f"{signed}, over a log of {log.records} records", at),
        _waiting("Watch for misuse", log.unwatched_since, f"{log.records} records watched", at),
        *([_of_stamps(log.authority, log, at)] if log.authority else []),
    ]


def _of_stamps(authority: str, log: LogState, at: datetime) -> Light:
    says = f"{authority} last saw a checkpoint {in_words(at - log.stamped_at)} ago" if log.stamped_at else ""
    if log.unstamped_since is None:
        return Light("access log", "Time-stamps", "right", says)
    failing = f"{authority} has given no time-stamp for {in_words(at - log.unstamped_since)}"
    late = at - log.unstamped_since > UNSTAMPED_AT_MOST
    return Light("access log", "Time-stamps", "wrong" if late else "right", failing)


def of_clock(offset: ClockOffset) -> Light:
    """Red when two clocks of the line are more than a second apart, beyond what measuring leaves open."""
    apart = abs(offset.ahead)
    wrong = apart - offset.give_or_take > CLOCKS_APART_AT_MOST
    way = "ahead" if offset.ahead > timedelta() else "behind"
    says = f"{apart.total_seconds():.3f} s {way}, give or take {offset.give_or_take.total_seconds():.3f} s"
    return Light("clock", f"Clock of the {offset.clock}", "wrong" if wrong else "right", says)


def _waiting(name: str, since: datetime | None, says: str, at: datetime) -> Light:
    if since is not None and at - since > UNSIGNED_AT_MOST:
        return Light("access log", name, "wrong", f"{says}; records wait for {in_words(at - since)}")
    return Light("access log", name, "right", says)


def in_words(span: timedelta) -> str:
    """A span of time as people say it."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"

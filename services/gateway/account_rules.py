"""What an account must be: of one person, with a title that the agency's policy knows (Kentucky IV.B)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from plateward.policy.profile import AgencyProfile
from plateward.policy.reasons import Lacking, Missing
from services.gateway.writing import STATEMENT_AT_LEAST, unwritable

USERNAME = re.compile(r"[a-z][a-z0-9.-]{1,39}")

_POSTS = """
    admin administrator alpr desk detective dispatch dispatcher front guest lpr officer patrol plateward records root
    sergeant service shared shift squad station supervisor system team test unit user watch
"""
POSTS = frozenset(_POSTS.split())
"""Names of posts and rooms: an account of one is shared before long."""


class InvalidAccount(Lacking):
    """Something that cannot be done to an account; says what is missing."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account as it was asked for."""

    username: str
    name: str
    title: str
    directory_name: str | None = None
    """How the agency's own identity provider names the person, where it has one."""


def what_an_account_lacks(profile: AgencyProfile, new: NewAccount) -> tuple[Missing, ...]:
    """What keeps an account from being made; empty when nothing does."""
    missing = list(unwritable({"name": new.name, "title": new.title, "directory_name": new.directory_name}))
    if not USERNAME.fullmatch(new.username):
        missing.append(Missing("username", "must be small letters, digits, dots and hyphens, and begin with a letter"))
    elif POSTS & set(re.split(r"[0-9.-]+", new.username)):
        missing.append(Missing("username", "names a post; each account is of one person (individual log-ins only)"))
    words = new.name.split()
    if len(words) < 2 or POSTS & {word.strip(".").lower() for word in words}:
        missing.append(Missing("name", "must be the first name, or its initial, and the family name of one person"))
    if new.title not in known_titles(profile):
        rule = f"must be one of: {', '.join(known_titles(profile))} ({profile.policy}, {profile.authorised.section})"
        missing.append(Missing("title", rule))
    return tuple(missing)


def known_titles(profile: AgencyProfile) -> tuple[str, ...]:
    """The titles that an account can have: authorised ones, offices, and the vendors'."""
    vendors = profile.accounts.vendors.titles if profile.accounts.vendors else ()
    return (*profile.authorised.titles, *profile.authorised.offices, *vendors)


def what_a_training_lacks(profile: AgencyProfile, training_id: str, completed_on: date, at: datetime) -> Missing | None:
    """What keeps a training from being put on file; None when nothing does."""
    if profile.training.kind(training_id) is None:
        kinds = ", ".join(kind.id for kind in profile.training.kinds)
        return Missing("training_id", f"must be one of: {kinds} ({profile.policy}, {profile.training.section})")
    if completed_on > at.astimezone(ZoneInfo(profile.timezone)).date():
        return Missing("completed_on", "must not lie in the future")
    return None


def what_a_window_lacks(profile: AgencyProfile, title: str, hours: float, statement: str) -> tuple[Missing, ...]:
    """What keeps a maintenance window from being opened; empty when nothing does (Barstow 466.10.d)."""
    vendors = profile.accounts.vendors
    if vendors is None or title not in vendors.titles:
        return (Missing("person", f"is of no vendor that {profile.policy} names ({profile.accounts.section})"),)
    missing = []
    if not 0 < hours <= vendors.longest_hours:
        missing.append(Missing("hours", f"must be more than 0 and at most {vendors.longest_hours}"))
    return (*missing, *what_a_statement_lacks(statement))


def what_a_statement_lacks(statement: str) -> tuple[Missing, ...]:
    """What keeps a statement from telling an auditor anything; empty when nothing does."""
    if len(statement.strip()) < STATEMENT_AT_LEAST:
        rule = f"needs at least {STATEMENT_AT_LEAST} characters: what was done, or what for"
        return (Missing("statement", rule),)
    return unwritable({"statement": statement})


def review_due_at(profile: AgencyProfile, created_at: datetime, reviewed_at: datetime | None) -> datetime:
    """When somebody is to look again at whether the account is still needed (Barstow 466.6.d)."""
    return (reviewed_at or created_at) + timedelta(days=profile.accounts.review_every_days)

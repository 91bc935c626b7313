"""Whether what somebody wrote as a reason says anything: not empty, not invisible, not the same over and over."""

import re
import unicodedata
from collections.abc import Iterator

from plateward.policy.profile import AgencyProfile, ReasonField
from plateward.policy.reasons import Missing

TELLING_FROM = 10
"""A field that asks for so many characters asks to be told something; shorter ones hold names and numbers."""

TELLING_WORDS = 2
"""So many different words that say something must be among those written."""

_EMPTY = """
a an and any are as at be because been being but by can check checked checking done for from had has have he her his i
in into is it its just need needed no none not of official officially on or other our per please public safety reason
reasons regarding related request requested research run running search searched searching see she some something stuff
test testing that the their them there these they thing things this those to training unknown us use used various was we
were what when which who will with work you your
applicable case cases duty duties enforcement information inquiry inquiries intel intelligence investigate investigated
investigating investigation investigations investigative law lookup look looking misc miscellaneous na ongoing patrol
plate plates police purpose purposes criminal business general active
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words of every reason, which by themselves say nothing of this one."""

ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "0123456789")
"""What fingers type when nobody thinks."""


def what_says_nothing(profile: AgencyProfile, form_id: str, values: dict[str, str]) -> tuple[Missing, ...]:
    """What of a reason's fields only looks filled in; empty when each says something."""
    fields = next((form.fields for form in profile.reasons.forms if form.id == form_id), ())
    found = (_of_field(field, values.get(field.name, "")) for field in fields)
    return tuple(one for one in found if one is not None)


def words_of(profile: AgencyProfile, form_id: str, values: dict[str, str]) -> str:
    """What the reason tells, in one spelling, so that the same words are known again; names and numbers left out."""
    fields = next((form.fields for form in profile.reasons.forms if form.id == form_id), ())
    told = [values.get(field.name, "") for field in fields if _is_telling(field)]
    return " ".join(word for text in told for word in _words(text))


def _of_field(field: ReasonField, value: str) -> Missing | None:
    name = f"reason.{field.name}"
    if any(unicodedata.category(character) in ("Cf", "Co", "Cn") for character in value):
        return Missing(name, f"{field.label} holds characters that cannot be seen: write it anew")
    if not _is_telling(field):
        return None
    telling = {word for word in _words(value) if _tells(word)}
    if len(telling) >= TELLING_WORDS:
        return None
    return Missing(name, f"{field.label} says nothing yet: what happened, and what has the vehicle to do with it?")


def _is_telling(field: ReasonField) -> bool:
    return field.pattern == ".+" and field.min_characters >= TELLING_FROM


def _words(text: str) -> Iterator[str]:
    yield from re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


def _tells(word: str) -> bool:
    if len(word) < 3 or word in EMPTY_WORDS or len(set(word)) < 3:
        return False
    runs = [row for straight in ROWS for row in (straight, straight[::-1])]
    return not any(word in row for row in runs)

"""Who may see what of whom, as sentences, and what a change would open and close. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from plateward.policy.catalogue import PolicyCatalogue
from plateward.policy.plain_phrases import joined
from services.gateway.sharing.mou import FIELDS, Terms

FIELD_WORDS = {"state": "the state of issue", "vehicle": "the vehicle", "direction": "the direction"}
KIND_WORDS = {
    "reads": "search the reads",
    "images": "see the pictures",
    "hits": "get the hits",
    "lists": "have cameras look for the vehicles on the lists",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a change opens or closes, in words."""

    what: Literal["opens", "closes"]
    words: str


def in_words(terms: Terms, policies: PolicyCatalogue, cameras: Mapping[str, str]) -> tuple[str, ...]:
    """The whole of an MOU, a sentence each; `cameras` are names by id, for those that are known."""
    grantor, grantee = terms.grantor.name, terms.grantee.name
    kinds = joined([KIND_WORDS[kind] for kind in terms.data_kinds])
    said = [f"{grantee} may {kinds} of {grantor}, for {joined(purposes(terms, policies))}."]
    if {"reads", "images", "hits"} & set(terms.data_kinds):
        said.append(f"From {joined(places(terms, cameras))}{_age(terms)}.")
    if "reads" in terms.data_kinds:
        hidden = [FIELD_WORDS[field] for field in FIELDS if field not in terms.fields]
        shown = [FIELD_WORDS[field] for field in terms.fields]
        said.append(f"Of each read it sees plate, time and camera{', ' + joined(shown) if shown else ''}.")
        if hidden:
            said.append(f"It sees nothing of {joined(hidden)}, and cannot ask by it.")
    if terms.offence_classes:
        said.append(f"Only for these classes of offence: {joined(terms.offence_classes)}.")
    if terms.searches_a_day:
        said.append(f"At most {terms.searches_a_day} searches a day.")
    if "lists" in terms.data_kinds:
        of = f", of them {joined(_spoken(terms.categories))}" if terms.categories else ""
        said.append(f"The lists are {joined(terms.list_ids)}{of}.")
    if terms.declaration:
        said.append(f"Declared by {terms.declaration.declared_by} for {grantee}: “{terms.declaration.statement}”")
    return tuple(said)


def purposes(terms: Terms, policies: PolicyCatalogue) -> tuple[str, ...]:
    """The purposes by the grantee's own labels."""
    profile = policies.get(terms.grantee.agency_id)
    labels = {one.id: one.label for one in profile.purposes.allowed} if profile else {}
    return tuple(labels.get(purpose, purpose.replace("-", " ")).lower() for purpose in terms.purposes)


def places(terms: Terms, cameras: Mapping[str, str]) -> tuple[str, ...]:
    """The cameras by name, and the areas."""
    if not terms.cameras and not terms.areas:
        return ("all of its cameras",)
    return (*(cameras.get(camera, camera) for camera in terms.cameras), *(area.as_text for area in terms.areas))


def differences(
    old: Terms | None, new: Terms, policies: PolicyCatalogue, cameras: Mapping[str, str]
) -> tuple[Difference, ...]:
    """What the new terms open and close beside the old ones; where there were none, everything opens."""
    if old is None:
        return tuple(Difference("opens", words) for words in in_words(new, policies, cameras))
    found: list[Difference] = []
    for before, after in (
        ([KIND_WORDS[one] for one in old.data_kinds], [KIND_WORDS[one] for one in new.data_kinds]),
        ([f"for {one}" for one in purposes(old, policies)], [f"for {one}" for one in purposes(new, policies)]),
        ([FIELD_WORDS[one] for one in old.fields], [FIELD_WORDS[one] for one in new.fields]),
        ([f"the list {one}" for one in old.list_ids], [f"the list {one}" for one in new.list_ids]),
    ):
        found += _of_sets(before, after)
    found += _of_bounds("cameras", "all of its cameras", _named(old, cameras), _named(new, cameras))
    found += _of_bounds("classes of offence", "every offence", list(old.offence_classes), list(new.offence_classes))
    found += _of_bounds("categories", "every category", list(old.categories), list(new.categories))
    found += _of_most("reads up to {} days old", "reads of any age", old.oldest_days, new.oldest_days)
    found += _of_most("{} searches a day", "any number of searches", old.searches_a_day, new.searches_a_day)
    found += _of_times("until", old.ends_at, new.ends_at)
    return tuple(found)


def _of_sets(before: Iterable[str], after: Iterable[str]) -> list[Difference]:
    old, new = list(before), list(after)
    opened: list[Difference] = [Difference("opens", one) for one in new if one not in old]
    return opened + [Difference("closes", one) for one in old if one not in new]


def _of_bounds(what: str, all_: str, before: list[str], after: list[str]) -> list[Difference]:
    """Of what is bounded where anything is named, and everything where nothing is."""
    if before and after:
        return _of_sets(before, after)
    if before and not after:
        return [Difference("opens", f"{all_}, not only {joined(before)}")]
    if after and not before:
        return [Difference("closes", f"all other {what} than {joined(after)}")]
    return []


def _of_most(words: str, any_: str, before: int | None, after: int | None) -> list[Difference]:
    if before == after:
        return []
    wider = after is None or (before is not None and after > before)
    then = any_ if after is None else words.format(after)
    so_far = any_ if before is None else words.format(before)
    return [Difference("opens" if wider else "closes", f"{then} (so far {so_far})")]


def _of_times(words: str, before: datetime, after: datetime) -> list[Difference]:
    if before == after:
        return []
    then, so_far = (f"{at.day} {at:%B %Y}" for at in (after, before))
    return [Difference("opens" if after > before else "closes", f"{words} {then} (so far {so_far})")]


def _named(terms: Terms, cameras: Mapping[str, str]) -> list[str]:
    return list(places(terms, cameras)) if terms.cameras or terms.areas else []


def _age(terms: Terms) -> str:
    if terms.oldest_days is None:
        return ", as far back as they are kept"
    return f", at most {terms.oldest_days} {'day' if terms.oldest_days == 1 else 'days'} old"


def _spoken(words: Iterable[str]) -> list[str]:
    return [word.replace("-", " ") for word in words]

"""What the memorandum of an audit says, in words; how it looks is the document's."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from plateward.contracts.access import AccessRecord
from plateward.policy.profile import AgencyProfile
from services.gateway.audits.audit import Audit, Examined, Told, Verdict

VERDICT_WORDS: dict[Verdict, str] = {
    "within-policy": "Within the policy",
    "violation": "Violation",
    "undetermined": "Cannot be told",
}


@dataclass(frozen=True, slots=True)
class Memorandum:
    """An audit that is closed, on its way to the file."""

    profile: AgencyProfile
    audit: Audit
    inquiries: tuple[Examined, ...]

    @property
    def head(self) -> list[tuple[str, str]]:
        """To whom, from whom, when, about what."""
        audit, rules = self.audit, self.profile.audits
        assert audit.closed is not None
        window = audit.window
        return [
            ("To", audit.reviewer or "the file"),
            ("From", _person(audit.closed)),
            ("Date", self.day(audit.closed)),
            ("Subject", f"Audit of inquiries, {self._date(window.since)} to {self._date(window.until)}"),
            ("Policy", f"{self.profile.policy}, {rules.section}"),
            ("Audit", str(audit.id)),
        ]

    @property
    def findings(self) -> list[str]:
        """What was found, a sentence each."""
        audit = self.audit
        assert audit.seed is not None
        verdicts = Counter(one.sampled.judgement.verdict for one in self.inquiries if one.sampled.judgement)
        found = ", ".join(f"{VERDICT_WORDS[name].lower()}: {verdicts[name]}" for name in VERDICT_WORDS)
        return [
            f"{audit.seed.population} inquiries were made in this time, of which {len(audit.sample)} were drawn by lot"
            f" (the policy asks for {audit.sample_size} or more)."
            + (" There were no more, so that all were looked at." if len(audit.sample) < audit.sample_size else ""),
            f"{found[:1].upper()}{found[1:]}.",
            f"{len(self.data_errors)} had data errors, which are named below so that they can be mended."
            if self.data_errors
            else "No data errors were found.",
        ]

    @property
    def data_errors(self) -> list[tuple[str, str]]:
        """The errors to mend, each with the number of its access."""
        return [
            (str(one.asked.access_id), one.sampled.judgement.data_errors)
            for one in self.inquiries
            if one.sampled.judgement and one.sampled.judgement.data_errors
        ]

    @property
    def lot(self) -> list[str]:
        """How the inquiries were drawn, so that anybody can draw them again."""
        seed = self.audit.seed
        assert seed is not None
        return [
            f"The seed is the root hash of the access log's first checkpoint after the audit was opened (access"
            f" {self.audit.access_id}), that of {seed.size} records: {seed.root.hex()}.",
            "The records of asking of the window's inquiries (search, explain, export-reads) are put in the order of"
            " SHA-256(seed, record id as 16 bytes); the first are the sample. `plateward verify sample` draws it again"
            " from an exported log.",
        ]

    def rows(self) -> list[tuple[str, str, str]]:
        """The inquiries in the order of the lot: which, what for, what was found."""
        return [(self._which(one), self._what_for(one.asked), self._found(one)) for one in self.inquiries]

    def day(self, told: Told) -> str:
        """The day of a statement on the agency's calendar."""
        return self._date(told.at)

    def _date(self, at: datetime) -> str:
        here = at.astimezone(ZoneInfo(self.profile.timezone))
        return f"{here.day} {here:%B %Y}"

    def _which(self, one: Examined) -> str:
        here = one.asked.at.astimezone(ZoneInfo(self.profile.timezone))
        return (
            f"{one.sampled.place}. {here:%Y-%m-%d %H:%M} {one.asked.actor.name}, {one.asked.actor.title}\n"
            f"access {one.asked.access_id}, record {one.index} of the log"
        )

    def _what_for(self, asked: AccessRecord) -> str:
        words = "; ".join(asked.reason.values.values())
        return f"{asked.action}: {purpose_words(self.profile, asked)}. {words}\n{case_words(asked)}"

    @staticmethod
    def _found(one: Examined) -> str:
        judgement = one.sampled.judgement
        if judgement is None:
            return "no verdict"
        parts = [VERDICT_WORDS[judgement.verdict], judgement.note]
        if judgement.data_errors:
            parts.append(f"Data errors: {judgement.data_errors}")
        return f"{outcome_words(one.outcome)}\n" + ". ".join(part for part in parts if part)


def purpose_words(profile: AgencyProfile, asked: AccessRecord) -> str:
    """The purpose as the agency's policy calls it."""
    labels = {one.id: one.label for one in (*profile.purposes.allowed, *profile.purposes.prohibited)}
    return labels.get(asked.reason.purpose, asked.reason.purpose)


def case_words(asked: AccessRecord) -> str:
    """What the agency's register of cases said of the case at the time."""
    case = asked.case
    if case is None:
        return "No case was named"
    found = {
        "known": "known to the register",
        "unknown": "not known to the register",
        "unreachable": "the register did not answer",
        "no-register": "no register is connected",
    }
    return f"Case {case.number}: {found[case.found]}"


def outcome_words(outcome: AccessRecord | None) -> str:
    """What came of an inquiry."""
    if outcome is None:
        return "No outcome is on record"
    if outcome.phase == "failed":
        return f"Not answered ({outcome.problem})"
    return f"{outcome.results} found" if outcome.results is not None else "Answered"


def _person(told: Told) -> str:
    return f"{told.by.name}, {told.by.title}"

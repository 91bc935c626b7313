"""Every place of a profile that names titles to decide something, so that none is named who is nobody."""

from collections.abc import Iterator

from plateward.policy.profile import AgencyProfile


def named_titles(profile: AgencyProfile) -> dict[str, tuple[str, ...]]:
    """The titles that decide something, by the field that names them."""
    cameras, entries = profile.cameras, profile.custom_entries
    named: dict[str, tuple[str, ...]] = {
        "accounts.keepers": profile.accounts.keepers,
        "accounts.reviewers": profile.accounts.reviewers,
        "accounts.suspenders": profile.accounts.suspenders,
        "training.recorders": profile.training.recorders,
        "sessions.dispatch_titles": profile.sessions.dispatch_titles,
        "cameras.administrators": cameras.administrators,
        "cameras.placement_approvers": cameras.placement_approvers or (),
        "cameras.special_deployment_approvers": cameras.special_deployment_approvers or (),
        "hot_lists.designators": profile.hot_lists.designators,
        "hot_lists.shared_by": profile.hot_lists.shared_by,
        "custom_entries.approval": tuple(sorted(entries.approvers())),
        "audits.conducted_by": profile.audits.conducted_by,
        "audits.memorandum_to": (profile.audits.memorandum_to,) if profile.audits.memorandum_to else (),
        "releases.approvers": profile.releases.approvers,
        "releases.others_approvers": profile.releases.others_approvers,
        "sharing.signers": profile.sharing.signers,
        "sharing.keepers": profile.sharing.keepers,
    }
    named |= {f"hot_lists.designations.{one.list}.readers": one.readers for one in profile.hot_lists.designations}
    return named | {f"reports.{report.id}.to": (report.to,) for report in profile.reports.reports}


def stray_titles(profile: AgencyProfile) -> Iterator[tuple[str, str]]:
    """Titles that decide something without being authorised or an office: the field, and the title."""
    known = {*profile.authorised.titles, *profile.authorised.offices}
    for field, titles in named_titles(profile).items():
        yield from ((field, title) for title in titles if title not in known)

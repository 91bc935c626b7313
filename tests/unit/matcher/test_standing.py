"""When a list is said to have fallen silent, and when to speak again."""

from datetime import timedelta

import msgspec

from tests.unit.matcher.events import NOW, a_grant, a_list, a_standing

HOUR = timedelta(hours=1)
NCIC = a_list(list_id="ncic", fresh_for_hours=72, refreshed_at=NOW)


def test_silence_is_told_when_it_begins_and_when_it_ends_and_once_each() -> None:
    standing = a_standing(NCIC)
    (begins,) = standing.alarms(NOW)
    assert not begins.silent
    assert list(standing.alarms(NOW + 71 * HOUR)) == []
    (silent,) = standing.alarms(NOW + 72 * HOUR)
    assert (silent.silent, silent.at, silent.refreshed_at) == (True, NOW + 72 * HOUR, NOW)
    assert list(standing.alarms(NOW + 73 * HOUR)) == []
    standing.put_list(msgspec.structs.replace(NCIC, refreshed_at=NOW + 74 * HOUR))
    (ends,) = standing.alarms(NOW + 74 * HOUR)
    assert (ends.silent, ends.at) == (False, NOW + 74 * HOUR)


def test_after_a_restart_each_list_is_told_once_as_it_is() -> None:
    standing = a_standing(NCIC, a_list())
    told = {one.list_id: one.silent for one in standing.alarms(NOW + 100 * HOUR)}
    assert told == {"ncic": True, "department": False}


def test_what_was_removed_holds_no_more() -> None:
    grant = a_grant("barstow", "stockton", "images")
    standing = a_standing(NCIC, grant)
    standing.remove_list("barstow/ncic")
    standing.remove_list("barstow/unheard-of")
    standing.remove_agreement(grant.id)
    assert standing.lists == {}
    assert list(standing.alarms(NOW)) == []

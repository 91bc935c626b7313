"""Lists, agreements and hits from their topics: what each record does to what the matcher holds."""

import uuid
from collections.abc import Callable

from aiokafka import ConsumerRecord

from plateward.contracts.event import ContractError, decode
from plateward.contracts.hits import HitRaised
from plateward.contracts.lists import HotList, list_key
from plateward.contracts.sharing import SharingAgreement
from plateward.contracts.topics import HITS, HOT_LISTS, SHARING, Topic
from services.matcher.standing import Standing
from services.matcher.windows import SightingWindows


def standing_takes(standing: Standing) -> dict[Topic, Callable[[ConsumerRecord], None]]:
    """What becomes of a record of `hot-lists` and of `sharing`: a tombstone removes."""

    def take_list(record: ConsumerRecord) -> None:
        key = (record.key or b"").decode("utf-8", "replace")
        if record.value is None:
            standing.remove_list(key)
            return
        hot_list = decode(record.value, HotList)
        _check_key("HotList", key, list_key(hot_list.agency_id, hot_list.list_id))
        standing.put_list(hot_list)

    def take_agreement(record: ConsumerRecord) -> None:
        key = (record.key or b"").decode("utf-8", "replace")
        if record.value is None:
            standing.remove_agreement(_uuid(key))
            return
        agreement = decode(record.value, SharingAgreement)
        _check_key("SharingAgreement", key, str(agreement.id))
        standing.put_agreement(agreement)

    return {HOT_LISTS: take_list, SHARING: take_agreement}


def hit_takes(windows: SightingWindows) -> dict[Topic, Callable[[ConsumerRecord], None]]:
    """What becomes of a record of `hits`: it is known to have been told."""

    def take_hit(record: ConsumerRecord) -> None:
        windows.take(decode(record.value, HitRaised))

    return {HITS: take_hit}


def _check_key(kind: str, key: str, own: str) -> None:
    # Under another key it could neither be replaced nor removed by what comes later under its own.
    if key != own:
        raise ContractError(f"{kind}: the record's key is not its own: {own}")


def _uuid(key: str) -> uuid.UUID:
    try:
        return uuid.UUID(key)
    except ValueError as error:
        raise ContractError("SharingAgreement: the key of a tombstone is no id") from error

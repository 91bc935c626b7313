"""How a camera is shown to those who keep it."""

from datetime import timedelta

from plateward.contracts.cameras import CameraStatus
from plateward.policy.catalogue import load_catalogue
from services.gateway.camera_health import NEWS_WITHIN, CameraHealth, KnownCamera, health
from tests.support.cameras import BY, LONG_AGO, a_camera

PROFILES = load_catalogue()
SOON = LONG_AGO + timedelta(minutes=1)


def said(state: str, fault: str | None = None) -> CameraStatus:
    return CameraStatus(camera_id="c", agency_id="flagstaff", state=state, at=SOON, last_frame_at=SOON, fault=fault)  # type: ignore[arg-type]


def of(status: CameraStatus | None, **changes: object) -> CameraHealth:
    known = KnownCamera(a_camera("c", "key", silent_after_seconds=60, **changes), status)
    return health(known, PROFILES["flagstaff"], SOON)


def test_what_ingest_says_is_shown() -> None:
    well = of(said("working"))
    assert (well.state, well.wrong, well.last_frame_at) == ("working", (), SOON)
    assert of(said("faulty", "frames are blank")).wrong == ("frames are blank",)
    assert of(None).state == "working"


def test_what_is_on_file_is_shown_before_ingest_has_heard_of_it() -> None:
    withdrawn = of(said("working"), out_of_service=BY)
    assert withdrawn.state == "out-of-service"
    assert "The roadway." in withdrawn.wrong[0]
    assert of(said("working"), fault=BY).wrong == ("reported by R. Yazzie, Police Chief: The roadway.",)


def test_a_mended_fault_is_gone_before_ingest_has_heard_of_it() -> None:
    assert of(said("faulty", "reported: Mast bent")).state == "working"


def test_no_news_is_bad_news() -> None:
    camera = a_camera("c", "key", silent_after_seconds=60)
    latest = SOON + timedelta(seconds=60) + NEWS_WITHIN
    known = KnownCamera(camera, said("working"))
    assert health(known, PROFILES["flagstaff"], latest).state == "working"
    stale = health(known, PROFILES["flagstaff"], latest + timedelta(seconds=1))
    assert (stale.state, stale.wrong) == ("faulty", ("no news since 2026-01-01 12:01:00 UTC",))


def test_what_is_wrong_comes_first_and_then_what_is_overdue() -> None:
    late = LONG_AGO + timedelta(days=31)
    faulty, well = (
        health(KnownCamera(a_camera("b", "k"), said(state)), PROFILES["florence"], late)
        for state in ("faulty", "working")
    )
    overdue = health(KnownCamera(a_camera("z", "k"), said("working")), PROFILES["flagstaff"], late)
    out = health(KnownCamera(a_camera("a", "k", out_of_service=BY), None), PROFILES["florence"], late)
    assert sorted([well, out, overdue, faulty], key=lambda one: one.urgency) == [faulty, out, overdue, well]

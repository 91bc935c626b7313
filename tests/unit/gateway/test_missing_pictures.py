"""Reads whose reader sent no picture: the pages say so, and no picture is made up."""

import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from plateward.contracts.reads import ReadImages
from plateward.policy.catalogue import load_catalogue
from services.gateway.adapters.pages.frame import page_environment
from services.gateway.hits import SeenHit
from services.gateway.people import Person, Session
from services.gateway.search import NoSuchRecord, picture_under
from tests.unit.retention.events import a_hit, a_read

CATALOGUE = load_catalogue()
PERSON = Person(uuid.uuid4(), "begay", "T. Begay", "Dispatcher", "flagstaff")
RIGHTS = CATALOGUE["flagstaff"].rights_of("Dispatcher")
SESSION = Session(public_id=uuid.uuid4(), person=PERSON, rights=RIGHTS, started_at=datetime.now(UTC))
BOTH = ReadImages(plate="p.jpg", scene="s.jpg")


def page(images: ReadImages, **changes: object) -> str:
    seen = SeenHit(7, a_hit(a_read(images=images, **changes)))
    zone, now = ZoneInfo("America/Phoenix"), datetime.now(UTC)
    return page_environment(CATALOGUE).get_template("_hit.html").render(seen=seen, session=SESSION, zone=zone, now=now)


@pytest.mark.parametrize(
    ("images", "shown", "missing"),
    [
        (BOTH, ["/plate", "/scene"], []),
        (ReadImages(plate="p.jpg"), ["/plate"], ["picture of the vehicle"]),
        (ReadImages(scene="s.jpg"), ["/scene"], ["picture of the plate"]),
        (ReadImages(), [], ["picture of the plate", "picture of the vehicle"]),
    ],
)
def test_a_hit_shows_what_there_is_and_says_what_there_is_not(
    images: ReadImages, shown: list[str], missing: list[str]
) -> None:
    html = page(images)
    assert [kind for kind in ("/plate", "/scene") if f'images{kind}"' in html] == shown
    found = [what for what in ("picture of the plate", "picture of the vehicle") if f"sent no {what}" in html]
    assert found == missing


def test_nobody_is_sent_to_look_at_a_picture_that_is_not_there() -> None:
    assert "look at the picture" in page(BOTH, state=None)
    assert "look at the picture" not in page(ReadImages(), state=None)


async def test_a_picture_that_was_never_sent_is_no_record() -> None:
    class Nothing:
        async def get(self, key: str) -> bytes:
            raise AssertionError(key)

    with pytest.raises(NoSuchRecord):
        await picture_under(None, Nothing())

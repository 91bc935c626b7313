"""The desk in a real browser, on a real line: a frame goes in at the camera and the hit comes up on the page."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
from playwright.async_api import Page, expect

from demo.region import DemoEntry, Region
from demo.region_in_a_box import Box
from demo.shots import demo_traffic
from plateward.contracts.event import Event
from plateward.contracts.hits import Comparison, HitRaised, Sighting, VehicleComparison
from plateward.contracts.lists import ListAlarm
from plateward.contracts.reads import ReadImages, VehicleDescription
from plateward.contracts.topics import HITS, LIST_ALARMS, Topic
from plateward.kernel.clock import now
from plateward.kernel.kafka.publisher import open_publisher
from plateward.kernel.settings import KafkaSettings
from tests.unit.retention.events import a_hit, a_read

PATIENCE_MS = 60_000


def dispatcher_of(region: Region, entry: DemoEntry) -> str:
    agency = region.agency_of(entry.by)
    return next(person.username for person in region.dispatchers() if person.agency == agency)


async def sign_in(page: Page, box: Box, username: str) -> None:
    await page.goto(f"{box.machine.url('gateway')}/login")
    await page.get_by_label("Name").fill(username)
    await page.get_by_label("Password").fill(box.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/desk")


async def test_a_hit_arrives_on_the_desk_with_its_pictures(page: Page, box: Box, region: Region) -> None:
    shot = next(shot for shot in demo_traffic(region, 3, seed=31) if shot.listed is not None)
    assert shot.listed is not None
    await sign_in(page, box, dispatcher_of(region, shot.listed))
    rows = page.locator("#waiting li", has_text=shot.listed.plate)
    before = await rows.count()

    await box.player.send(shot)

    await expect(rows).to_have_count(before + 1, timeout=PATIENCE_MS)
    await rows.first.click()
    shown = page.locator("article.hit:visible")
    await expect(shown).to_contain_text(shot.listed.case_number)
    await expect(shown).to_contain_text(shot.listed.reason)
    plate = shown.get_by_alt_text("Picture of the plate")
    await expect(plate).to_be_visible()
    assert await plate.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    listed = await shown.locator(".cells b").all_inner_texts()
    assert "".join(listed) == shot.listed.plate


async def test_an_agency_sees_no_hit_of_another(page: Page, box: Box, region: Region) -> None:
    theirs = next(shot for shot in demo_traffic(region, 3, seed=57) if shot.listed is not None)
    assert theirs.listed is not None
    agency = region.agency_of(theirs.listed.by)
    stranger = next(person for person in region.dispatchers() if person.agency != agency)
    await sign_in(page, box, stranger.username)

    await box.player.send(theirs)
    assert await box.noticing.until(box.tally.complete, 60.0)

    await page.reload()
    await expect(page.locator("body")).to_contain_text(stranger.name)
    assert theirs.listed.case_number not in await page.content()


Tell = Callable[[Topic, Event, str], Awaitable[None]]


@asynccontextmanager
async def telling(box: Box) -> AsyncIterator[Tell]:
    """What tells the desks of hits and of lists as a matcher does."""

    async def tell(topic: Topic, event: Event, key: str) -> None:
        await publisher.publish(topic, event, key=key, event_id=uuid.uuid4(), time=now())

    async with open_publisher(KafkaSettings(bootstrap_servers=box.machine.kafka), source="matcher") as publisher:
        yield tell


def a_doubtful_hit_of_the_past(agency: str) -> HitRaised:
    """A hit whose state and colour contradict, of a read that was older than its entry."""
    read = a_read(agency_id=agency, plate="7PAST42", images=ReadImages(), vehicle=VehicleDescription(colour="red"))
    hit = a_hit(read, agencies=(agency,), retroactive=True)
    entry = msgspec.structs.replace(
        hit.entry, plate="7PAST42", agency_id=agency, state="CA", vehicle=VehicleDescription(colour="blue")
    )
    against = Comparison("exact", (), "contradicts", vehicle=VehicleComparison(colour="contradicts"))
    return msgspec.structs.replace(hit, entry=entry, comparison=against)


def seen_again(hit: HitRaised) -> HitRaised:
    """The hit, told once more with a further pass."""
    at = hit.read.captured_at + timedelta(seconds=20)
    one = Sighting(read_id=uuid.uuid4(), captured_at=at, plate="7PAST42", confidence=0.9, images=ReadImages())
    return msgspec.structs.replace(hit, sightings=(one,))


async def test_the_desk_says_what_speaks_against_a_hit_and_which_lists_are_silent(
    page: Page, box: Box, region: Region
) -> None:
    dispatcher = region.dispatchers()[0]
    hit = a_doubtful_hit_of_the_past(dispatcher.agency)
    silent = ListAlarm(dispatcher.agency, "ncic", "NCIC of the region", now(), True, now() - timedelta(hours=25), 24)
    await sign_in(page, box, dispatcher.username)
    row, lists = page.locator("#waiting li", has_text="7PAST42"), page.locator("#silent-lists")

    async with telling(box) as tell:
        await tell(HITS, hit, str(hit.id))
        await tell(LIST_ALARMS, silent, f"{dispatcher.agency}/ncic")
        await expect(row).to_contain_text("contradicts", timeout=PATIENCE_MS)
        await expect(row).to_contain_text("from the past")
        await row.click()
        shown = page.locator("article.hit:visible")
        await expect(shown).to_contain_text("From the past.")
        await expect(shown).to_contain_text("State of issue contradicts: the plate was read as AZ, listed is CA.")
        await expect(shown).to_contain_text("Vehicle contradicts: colour seen is red, listed is blue.")
        await expect(shown).not_to_contain_text("Seen again")
        await expect(lists).to_contain_text("NCIC of the region has not been refreshed", timeout=PATIENCE_MS)

        await tell(HITS, seen_again(hit), str(hit.id))
        await tell(LIST_ALARMS, msgspec.structs.replace(silent, silent=False, at=now()), f"{dispatcher.agency}/ncic")
        await expect(row).to_contain_text("seen 2 times", timeout=PATIENCE_MS)
        await expect(shown).to_contain_text("Seen again")
        await expect(lists).to_be_hidden(timeout=PATIENCE_MS)

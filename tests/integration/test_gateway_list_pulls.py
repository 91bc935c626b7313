"""Lists that are fetched from their sources: what is new there alone, and what a source does wrong ends nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from plateward.embedded.ports import free_port
from plateward.kernel.lifecycle import HttpServer
from services.gateway.settings import GatewaySettings, ListSource
from tests.support.bringing import brought, standing, until
from tests.support.gateway_at_work import Console, GatewayAtWork, gateway_at_work
from tests.support.things import titled_for

pytest_plugins = ["tests.support.gateway"]


class Source:
    """A source of a list, over HTTP."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/list"
        self.text, self.asked = "", list[dict[str, str]]()
        self.leads_to = "/there"

    def application(self) -> Starlette:
        async def give(request: Request) -> Response:
            self.asked.append(dict(request.headers))
            etag = f'"{hash(self.text)}"'
            if request.headers.get("if-none-match") == etag:
                return Response(status_code=304)
            return PlainTextResponse(self.text, headers={"ETag": etag})

        async def here(_: Request) -> Response:
            return Response(status_code=302, headers={"Location": self.leads_to})

        async def elsewhere(_: Request) -> Response:
            return RedirectResponse("http://elsewhere.test/there")

        return Starlette(routes=[Route("/there", give), Route("/list", here), Route("/elsewhere", elsewhere)])


@pytest.fixture(scope="module")
async def source() -> AsyncIterator[Source]:
    port = free_port()
    source, stopping = Source(port), asyncio.Event()
    server = HttpServer(uvicorn.Config(source.application(), port=port, log_config=None))
    serving = asyncio.create_task(server.run_until(stopping))
    yield source
    stopping.set()
    await serving


@pytest.fixture(scope="module")
async def gateway(gateway_settings: GatewaySettings, database: str, source: Source) -> AsyncIterator[GatewayAtWork]:
    fetched = {"agency": "flagstaff", "list": "acic", "format": "json", "url": source.url, "token": "a-token"}
    elsewhere = {"agency": "stockton", "list": "svs", "url": source.url.replace("/list", "/elsewhere")}
    sources = tuple(ListSource.model_validate(one) for one in (fetched, fetched | elsewhere))
    settings = gateway_settings.model_copy(update={"list_sources": sources, "look_for_lists_every_seconds": 0.2})
    async with gateway_at_work(settings, database) as gateway:
        yield gateway


@pytest.fixture(scope="module")
async def designator(gateway: GatewayAtWork) -> Console:
    return await gateway.sign_in(await gateway.register("flagstaff", titled_for("flagstaff", "designate-lists")))


async def test_a_source_is_asked_with_its_token_and_gives_only_what_is_new(
    gateway: GatewayAtWork, designator: Console, source: Source
) -> None:
    await until(lambda: standing(designator, "acic"), lambda one: bool(one["refreshes"]))
    source.text = '[{"plate": "FFF111", "category": "stolen-vehicle"}]'
    taken = await designator.http.post("/v1/lists/acic/pull")
    assert (taken.status_code, taken.json()["state"]) == (200, "replaced"), taken.text
    same = await designator.http.post("/v1/lists/acic/pull")
    assert (same.json()["state"], same.json()["version"]) == ("unchanged", taken.json()["version"])
    assert "if-none-match" in source.asked[-1]
    assert source.asked[-1]["authorization"] == "Bearer a-token"
    assert same.json()["brought_by"] == designator.person.name
    assert (await designator.http.post("/v1/lists/ncic/pull")).status_code == 409


async def test_a_source_that_leads_to_another_host_is_not_followed(gateway: GatewayAtWork) -> None:
    console = await gateway.sign_in(await gateway.register("stockton", titled_for("stockton", "designate-lists")))
    await until(lambda: standing(console, "svs"), lambda one: one["problem"] is not None)
    assert (await standing(console, "svs"))["problem"] == "the source led on to another host"


@pytest.mark.parametrize("location", ["http://[broken/there", "http://127.0.0.1:port/there", "//", "/list"])
async def test_a_source_that_leads_nowhere_is_told_on_the_page_and_ends_nothing(
    designator: Console, source: Source, location: str
) -> None:
    source.leads_to = location
    refused = await designator.http.post("/v1/lists/acic/pull")
    assert (refused.status_code, refused.json()["title"]) == (409, "The source could not be asked")
    problem = (await standing(designator, "acic"))["problem"]
    assert problem and problem.startswith(("the source could not be asked", "the source led on"))
    source.leads_to = "/there"
    assert (await designator.http.post("/v1/lists/acic/pull")).is_success
    assert (await standing(designator, "acic"))["problem"] is None


async def test_what_a_source_says_of_its_own_file_says_nothing_of_one_that_was_brought(
    designator: Console, source: Source
) -> None:
    source.text = '[{"plate": "HHH111", "category": "stolen-vehicle"}]'
    (await designator.http.post("/v1/lists/acic/pull")).raise_for_status()
    by_hand = await brought(designator, "acic", '[{"plate": "HHH112", "category": "stolen-vehicle"}]', format="json")
    assert by_hand["state"] == "replaced"
    again = (await designator.http.post("/v1/lists/acic/pull")).raise_for_status().json()
    assert "if-none-match" not in source.asked[-1], "that nothing is new there would say that the list is fresh"
    assert (again["state"], again["way"], again["removed"]) == ("replaced", "pull", 1)
    (await designator.http.post("/v1/lists/acic/pull")).raise_for_status()
    assert "if-none-match" in source.asked[-1]

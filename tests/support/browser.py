"""Headless Chromium for tests, the machine's own. A pytest plugin."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Chromium on this machine: PLATEWARD_CHROMIUM, or one of its usual names on the path."""
    named = os.environ.get("PLATEWARD_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser for the session; without one the test is skipped, which the summary says."""
    executable = find_chromium()
    if executable is None:
        pytest.skip("no Chromium on this machine: install the package chromium, or name one in PLATEWARD_CHROMIUM")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield chromium
        await chromium.close()


@asynccontextmanager
async def opened_page(browser: Browser) -> AsyncIterator[Page]:
    """A page of a context of its own; what its scripts could not do fails whoever opened it."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    opened = await context.new_page()
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    await context.close()
    assert not failures


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page for one test."""
    async with opened_page(browser) as opened:
        yield opened

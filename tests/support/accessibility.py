"""What axe-core finds wrong with a page for people who read it otherwise than with eyes and mouse."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page) -> list[str]:
    """Each violation with the elements that it is found at; axe comes with its package, nothing is fetched."""
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
    return [
        f"{one['id']} ({one['impact']}): {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in found.response["violations"]
    ]

"""What axe-core finds wrong with a page for people who read it otherwise than with eyes and mouse."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of those standards that ask for colours, which is all that is another by night."""

# What axe found in order is most of what it tells, and is not brought here.
TELL = """
options => axe.run({resultTypes: ["violations"], ...options}).then(found => found.violations.map(
    one => `${one.id} (${one.impact}): ${one.nodes.map(node => node.target).join(", ")}`))
"""


async def violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Each violation of the standards, or of these rules alone, with the elements that it is found at.

    Axe comes with its package, nothing is fetched.
    """
    await page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": STANDARDS}
    found: list[Any] = await page.evaluate(TELL, {"runOnly": only})
    return [str(one) for one in found]

"""Flat outlines that are then laid on a body: rounded shapes and the slabs that shade them from top to bottom."""

from collections.abc import Sequence

import numpy as np

from plateward.scenes.camera import Points

_EDGE_POINTS = 14


def rounded(corners: Sequence[tuple[float, float]], radius: float) -> Points:
    """A closed outline through the corners, each eased by a curve that begins that far (in 0 to 0.5 of an edge)."""
    points = np.array(corners, float)
    parts = []
    for before, corner, after in zip(np.roll(points, 1, 0), points, np.roll(points, -1, 0), strict=True):
        start, end = corner + (before - corner) * radius, corner + (after - corner) * radius
        bend = np.linspace(0, 1, 6)[:, None]
        parts.append((1 - bend) ** 2 * start + 2 * bend * (1 - bend) * corner + bend**2 * end)
        straight = np.linspace(0, 1, _EDGE_POINTS)[1:-1, None]
        parts.append(end + (after + (corner - after) * radius - end) * straight)
    return np.concatenate(parts)


def box(one_side: float, other_side: float, low: float, high: float, radius: float = 0.12) -> Points:
    """An upright rectangle with rounded corners; the radius is a share of its shorter edge."""
    left, right = sorted((one_side, other_side))
    across, up = right - left, high - low
    reach = radius * min(across, up)
    eased = []
    for x, y, start in ((right, high, 0), (left, high, 90), (left, low, 180), (right, low, 270)):
        angle = np.radians(np.linspace(start, start + 90, 6))
        centre = (x - np.sign(x - left - across / 2) * reach, y - np.sign(y - low - up / 2) * reach)
        eased.append(np.stack([centre[0] + reach * np.cos(angle), centre[1] + reach * np.sin(angle)], axis=1))
    loop = np.concatenate(eased)
    following = np.roll(loop, -1, 0)
    steps = np.linspace(0, 1, 5)[:-1]
    finer: Points = (loop[:, None, :] + (following - loop)[:, None, :] * steps[None, :, None]).reshape(-1, 2)
    return finer


def slabs(outline: Points, count: int) -> Points:
    """A convex outline cut into flat slabs from its foot to its head, each four points wide (count, 4 x 2)."""
    low, high = outline[:, 1].min(), outline[:, 1].max()
    grazing = (high - low) * 1e-6  # just inside: at its very head and foot an outline has no width
    heights = np.linspace(low + grazing, high - grazing, count + 1)
    head, foot = int(outline[:, 1].argmax()), int(outline[:, 1].argmin())
    one = np.take(outline, range(foot, head + 1 if head >= foot else head + 1 + len(outline)), axis=0, mode="wrap")
    other = np.take(outline, range(head, foot + 1 if foot >= head else foot + 1 + len(outline)), axis=0, mode="wrap")
    first = np.interp(heights, one[:, 1], one[:, 0])
    second = np.interp(heights, other[::-1, 1], other[::-1, 0])
    across = np.linspace(0, 1, 9)
    rows = np.stack(
        [first[:, None] + (second - first)[:, None] * across, np.repeat(heights[:, None], len(across), 1)], axis=-1
    )
    return np.concatenate([rows[:-1], rows[1:, ::-1]], axis=1)
